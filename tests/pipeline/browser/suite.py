"""Drives the pages in a real browser. `suite.py desk|board|hostile`, facts as JSON in FACTS, pictures go to PICTURES.

Every page that is looked at is looked at four times: phone and desktop, light and dark. Each time it must be free of
serious findings of axe-core, wider than no screen, and silent on the console. A failure says which page and why.
"""

import csv
import http.client
import io
import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

FACTS = json.loads(os.environ["FACTS"])
PICTURES = os.environ["PICTURES"]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKS = [("phone", PHONE), ("desktop", DESKTOP)]
# How far anything jumped while the page was loading (the browser's own measure).
SHIFTS = """window.__shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""

looked_at = 0
axe = Axe()


class Answer:
    """What came back for a request that no page made."""

    def __init__(self, response):
        self.status, self.headers = response.status, {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read().decode("utf-8", "replace")


def ask(url, page=None, form=None, headers=None):
    """Asks as a program would, with a page's cookies. The emulator's names of hosts are known to browsers alone, so the
    host is told and not looked up."""
    parts = urllib.parse.urlsplit(url)
    headers = {"host": parts.netloc} | (headers or {})
    if page:
        headers["cookie"] = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies(url))
    body = None
    if form is not None:
        body, headers["content-type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=15)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST" if form is not None else "GET", target or "/", body, headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def need(condition, what):
    if not condition:
        raise AssertionError(what)


@contextmanager
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


def new_page(opened, viewport=PHONE, **options):
    page = opened.new_context(viewport=viewport, locale="id-ID", **options).new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(SHIFTS)
    page.noise = []

    def hear(message):
        # The user pool's own page has no icon, which is none of our business.
        if message.type == "error" and "//localhost" not in (message.location or {}).get("url", ""):
            page.noise.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: page.noise.append(str(error)))
    page.on("dialog", lambda dialog: (page.noise.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    return page


def look(page, name, picture=True):
    """Looks at a page as it is, on every screen."""
    global looked_at
    need(page.evaluate("window.__shift") < 0.01, f"{name}: something jumped while it was loading")
    for screen, viewport in LOOKS:
        page.set_viewport_size(viewport)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = [v for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
            told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found]
            need(not found, f"{name}, {screen}, {scheme}: {told}")
            width = page.evaluate("document.documentElement.scrollWidth")
            need(width <= viewport["width"], f"{name}: {width} px wide on a screen of {viewport['width']}")
            if picture:
                page.screenshot(path=os.path.join(PICTURES, f"{name}-{screen}-{scheme}.png"), full_page=True)
            looked_at += 1
    need(not page.noise, f"{name}: {page.noise}")


def guide(page, name):
    """A picture for the officers' guide (infra/desk-guide): what a phone shows at once."""
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    page.screenshot(path=os.path.join(PICTURES, f"guide-{name}.png"))


def sign_in(page, code):
    login = FACTS["logins"][code]
    page.goto(FACTS["desk"])
    page.get_by_role("link", name="Masuk").click()
    page.fill("#username", login["user"])
    page.fill("#password", login["password"])
    page.click("button[type=submit]")
    page.wait_for_url(f"{FACTS['desk']}/{code}")


def reach(page, role, name, most=80):
    """Moves the focus by the keyboard alone until it is on something; fails where it cannot be reached or seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        text = (focused.inner_text() or focused.get_attribute("aria-label") or "").strip()
        kind = focused.evaluate("e => e.tagName.toLowerCase()")
        if kind == role and text == name:
            outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
            need(outline != "none", f"the focus on {name} cannot be seen")
            return
    raise AssertionError(f"{role} {name} is not reached by the keyboard")


def desk():
    with browser() as opened:
        triage(opened)
        agency(opened)
        strangers(opened)
        forged(opened)


def triage(opened):
    """The triage desk corrects a ticket and hands it on."""
    page = new_page(opened, DESKTOP)
    page.goto(FACTS["desk"])
    look(page, "desk-welcome")
    sign_in(page, "TRIAGE")
    look(page, "desk-list")
    for which in ("semua", "segera", "terlambat", "menunggu", "naik"):
        cost = ask(f"{FACTS['desk']}/TRIAGE?daftar={which}", page).headers["server-timing"]
        need(int(cost.split('"')[1]) <= 2, f"the list {which} takes {cost}")
    need(FACTS["ticket"] in page.content(), "the ticket is not in the list")
    page.get_by_role("link", name=FACTS["ticket"]).click()
    look(page, "desk-ticket")
    # Correct: a place is chosen by its code, as the list offers it.
    page.get_by_text("Perbaiki data", exact=True).first.click()
    page.fill("#correct-tempat", "33.16.08 Jepon, Kabupaten Blora")
    page.select_option("#correct-kategori", "street_lighting")
    look(page, "desk-correct")
    page.locator("form", has=page.locator("#correct-tempat")).get_by_role("button", name="Perbaiki data").click()
    need(page.get_by_role("status").inner_text().startswith("✓"), "the correction is confirmed")
    need("Jepon" in page.locator("main").inner_text(), "the corrected place is shown")
    need(page.locator("svg.map path.here").count() == 1, "the place is on the map")
    # A number that does not exist is told, and what was typed stays.
    page.get_by_text("Gabungkan", exact=True).first.click()
    page.fill("#join-induk", "KJ-45RQ0X8XD")
    page.locator("form", has=page.locator("#join-induk")).get_by_role("button", name="Gabungkan").click()
    need("Tidak dapat digabungkan" in page.get_by_role("alert").inner_text(), "the refusal is told")
    need(page.input_value("#join-induk") == "KJ-45RQ0X8XD", "what was typed is kept")
    page.noise.clear()  # The browser notes the answer's status 409.
    look(page, "desk-refused")
    page.get_by_text("Teruskan ke instansi", exact=True).first.click()
    page.select_option("#assign-instansi", "PEMKAB3316")
    page.locator("form", has=page.locator("#assign-instansi")).get_by_role("button", name="Teruskan").click()
    page.wait_for_url(lambda url: "selesai=1" in url)
    # English, and the search.
    page.goto(f"{FACTS['desk']}/TRIAGE?lang=en")
    need("All open" in page.content(), "English is behind ?lang=en")
    look(page, "desk-english")
    page.fill("#cari", "tidak-ada-kata-ini")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari?**")
    need("0 tickets found" in page.content(), "nothing fits")
    page.context.close()


def agency(opened):
    """An agency's officer does the rest on a phone: the first step by the keyboard alone."""
    page = new_page(opened)
    sign_in(page, "PEMKAB3316")
    page.fill("#cari", "kulkas warung")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=FACTS["ticket"]).wait_for()
    look(page, "desk-search")
    page.goto(f"{FACTS['desk']}/PEMKAB3316")
    guide(page, "daftar")
    reach(page, "a", "Langsung ke isi")
    reach(page, "a", FACTS["ticket"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/laporan/{FACTS['ticket']}")
    guide(page, "laporan")
    reach(page, "button", "Terima")
    form = page.locator("form", has=page.get_by_role("button", name="Terima"))
    sent = {name: form.locator(f"input[name={name}]").get_attribute("value") for name in ("sesi", "aksi", "kunci")}
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "selesai=accept" in url)
    # Twice is once: the same form sent again, as an impatient finger does. The table is asked afterwards.
    again = ask(f"{FACTS['desk']}/PEMKAB3316/laporan/{FACTS['ticket']}", page, sent)
    need(again.status == 303, f"the same form again: {again.status}")
    # A text that is too long is refused before anything is posted.
    say(page, "Jawab warga", "respond", "a" * 230)
    need("230 karakter" in page.get_by_role("alert").inner_text(), page.get_by_role("alert").inner_text())
    need(page.input_value("#respond-balasan") == "a" * 230, "what was typed is kept")
    page.noise.clear()
    # A preview shows what would be posted, with its length, and posts nothing.
    page.fill("#respond-balasan", "Petugas menuju lokasi sore ini.")
    page.locator("form", has=page.locator("#respond-balasan")).get_by_role("button", name="Pratinjau").click()
    preview = page.locator("#pratinjau").inner_text()
    need("Petugas menuju lokasi" in preview and "/280" in preview and FACTS["ticket"] in preview, preview)
    look(page, "desk-preview")
    page.evaluate("window.scrollTo(0, 0)")
    guide(page, "pratinjau")
    page.locator("form", has=page.locator("#respond-balasan")).get_by_role("button", name="Jawab warga").click()
    page.wait_for_url(lambda url: "selesai=respond" in url)
    # Everything works without scripts.
    plain = new_page(opened, java_script_enabled=False)
    sign_in(plain, "PEMKAB3316")
    plain.goto(f"{FACTS['desk']}/PEMKAB3316/laporan/{FACTS['ticket']}")
    say(plain, "Tambah catatan", "note", "Tiang nomor 12, dekat gapura.", "catatan")
    plain.wait_for_url(lambda url: "selesai=note" in url)
    plain.context.close()
    page.reload()
    page.get_by_text("Nyatakan selesai", exact=True).first.click()
    page.fill("#resolve-balasan", "Jaringan sudah diperbaiki dan listrik menyala.")
    page.fill("#resolve-foto", "https://img.example.go.id/jaringan.jpg")
    page.locator("#resolve-balasan").scroll_into_view_if_needed()
    guide(page, "selesai")
    page.locator("form", has=page.locator("#resolve-balasan")).get_by_role("button", name="Nyatakan selesai").click()
    page.wait_for_url(lambda url: "selesai=resolve" in url)
    look(page, "desk-resolved")
    page.goto(f"{FACTS['desk']}/PEMKAB3316/jejak")
    need(FACTS["ticket"] in page.content() and "petugas-pemkab3316" in page.content(), "what was done is on the audit page")
    look(page, "desk-audit")
    page.get_by_role("button", name="Keluar").click()
    # The provider forgets the officer as well, and leads back: the next one at this machine is asked who it is.
    page.get_by_role("link", name="Masuk").click()
    page.locator("#password").wait_for()
    page.goto(f"{FACTS['desk']}/PEMKAB3316")
    need("Masuk" in page.content() and FACTS["ticket"] not in page.content(), "who signed out sees nothing")
    page.context.close()


def say(page, summary, action, text, field="balasan"):
    page.get_by_text(summary, exact=True).first.click()
    # The browser's own limit is not asked: a script that sends forms has none.
    box = page.locator(f"#{action}-{field}")
    box.fill(text)
    page.locator("form", has=box).get_by_role("button", name=summary).click()
    page.wait_for_load_state()


def strangers(opened):
    """An officer of one agency neither sees nor guesses another's tickets."""
    page = new_page(opened)
    sign_in(page, "DINKES")
    desk_url, ticket = FACTS["desk"], FACTS["ticket"]
    unknown = ask(f"{desk_url}/DINKES/laporan/KJ-45RQ0X8XD", page)
    need(unknown.status == 404, "a number that is nobody's")
    for path in (f"/DINKES/laporan/{ticket}", f"/PEMKAB3316/laporan/{ticket}", "/PEMKAB3316", "/TRIAGE", "/TRIAGE/jejak",
                 "/PEMKAB3316/cari?q=lampu", "/DINKES/laporan/" + ticket.lower(), "/DINKES/../PEMKAB3316", "/DINKES%2f..%2fTRIAGE"):
        answer = ask(desk_url + path, page)
        need(answer.status == 404, f"{path}: {answer.status}")
        need(answer.body == unknown.body, f"{path} differs from what is not there")
        need(answer.headers.keys() == unknown.headers.keys(), f"{path} has other headers")
    answer = ask(f"{desk_url}/DINKES/cari?q={ticket}", page)
    need(answer.status == 303 and answer.headers["location"] == f"/DINKES/laporan/{ticket}", "a search by number leads to its page")
    answer = ask(f"{desk_url}/DINKES/angka", page)
    need(answer.status == 403, "months' reports are for desks")
    for path in ("/DINKES", f"/PEMKAB3316/laporan/{ticket}", "/TRIAGE/massal"):
        answer = ask(desk_url + path)
        need(answer.status in (401, 404) and ticket not in answer.body, f"{path} without a session: {answer.status}")
    page.context.close()


def forged(opened):
    """Forms of other sites, and sessions that somebody made up, change nothing."""
    page = new_page(opened)
    sign_in(page, FACTS["other_holder"] if FACTS["other_holder"] in FACTS["logins"] else "PEMKAB3316")
    holder = page.url.rsplit("/", 1)[1]
    target = f"{FACTS['desk']}/{holder}/laporan/{FACTS['other']}"
    own = page.goto(target)
    token = page.locator("input[name=sesi]").first.get_attribute("value") if own.status == 200 else "x"
    form = {"aksi": "accept", "kunci": "k1", "sesi": token}
    for change, headers in (({"sesi": ""}, {}), ({"sesi": "x" * 22}, {}), ({}, {"origin": "https://evil.example"}), ({}, {"origin": "null"})):
        answer = ask(target, page, form | change, headers)
        need(answer.status == 403, f"{change} {headers}: {answer.status}")
    for cookie in ("", "x.y", "e30.AAAA", "eyJvZmZpY2VyIjp7Im5hbWUiOiJ4IiwiYWdlbmNpZXMiOlsiVFJJQUdFIl19fQ.AAAA"):
        answer = ask(f"{FACTS['desk']}/TRIAGE", headers={"cookie": f"__Host-kemala-desk={cookie}"})
        need(answer.status == 401, f"cookie {cookie!r}: {answer.status}")
    for query in ("", "?code=x&state=y", "?state=&code=", "?error=access_denied"):
        answer = ask(f"{FACTS['desk']}/masuk/kembali{query}")
        need(answer.status == 400, f"a sign-in that nobody began, {query!r}: {answer.status}")
    if own.status == 200:
        page.reload()
        need(page.get_by_role("button", name="Terima").count() == 1, "nothing was accepted")
    page.context.close()


def hostile():
    with browser() as opened:
        page = new_page(opened, DESKTOP)
        sign_in(page, "PEMKAB3316")
        for path in ["/PEMKAB3316", "/PEMKAB3316/cari?q=" + urllib.parse.quote("<script>window.__x=1</script>")]:
            page.goto(FACTS["desk"] + path)
            inert(page, path)
        shown = 0
        for ticket in FACTS["tickets"]:
            page.goto(f"{FACTS['desk']}/PEMKAB3316/laporan/{ticket}")
            inert(page, ticket)
            shown += page.locator("main .text").count()
        need(shown >= FACTS["texts"], f"{shown} texts stand on the tickets' pages, of {FACTS['texts']}")
        bulk(page)
        board = new_page(opened)
        for path in ["/", "/wilayah/33.16", "/instansi", "/?month=" + urllib.parse.quote("\"><script>window.__x=1</script>"),
                     "/lapor?nomor=" + urllib.parse.quote("\"><script>window.__x=1</script>")]:
            board.goto(FACTS["board"] + path)
            board.noise[:] = [noise for noise in board.noise if "404" not in noise and "400" not in noise]
            inert(board, path)
        for ticket in FACTS["tickets"]:
            board.goto(f"{FACTS['board']}/laporan/{ticket}")
            inert(board, f"board {ticket}")
        answer = ask(f"{FACTS['board']}/data/laporan.csv").body
        for row in csv.reader(io.StringIO(answer)):
            for cell in row:
                need(not cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"a spreadsheet would calculate {cell!r}")
        print(f"{FACTS['texts']} hostile texts on {len(FACTS['tickets'])} tickets, all inert")


def bulk(page):
    """Two tickets at once; what is not possible is told for each."""
    page.goto(f"{FACTS['desk']}/PEMKAB3316/cari?q=jepon")
    page.goto(f"{FACTS['desk']}/PEMKAB3316")
    chosen = page.locator("li", has=page.get_by_text("Menunggu diterima instansi")).locator("input[name=nomor]")
    numbers = [chosen.nth(n).get_attribute("value") for n in range(2)]
    for again in (False, True):
        for number in numbers:
            page.locator(f"input[value='{number}']").check()
        page.get_by_text("Tindakan untuk yang dipilih").click()
        page.select_option("#massal-aksi", "accept")
        page.get_by_role("button", name="Jalankan").click()
        page.wait_for_load_state()
        if again:
            need("tidak dapat dilakukan pada status" in page.content(), "accepted once is accepted")
            need(all(number in page.content() for number in numbers), "each is named")
        else:
            need("2 laporan diperbarui" in page.get_by_role("status").first.inner_text(), "two at once")
            look(page, "desk-bulk")
    page.noise.clear()


def inert(page, name):
    """No text has become anything but text."""
    need(page.evaluate("window.__x") is None, f"{name}: a script of a text has run")
    strange = page.evaluate("""() => [...document.querySelectorAll(
      'main script, main img, main iframe, main object, main embed, main style, main base, main link, main meta, main video, '
      + 'main audio, main math, main template, main xss, main marquee, main [onerror], main [onload], main [onfocus], '
      + 'main [onclick], main [onmouseover], main [style], main a[href^="javascript:" i], main a[href^="data:" i]'
    )].map(element => element.outerHTML.slice(0, 120))""")
    need(not strange, f"{name}: {strange}")
    # Marks of direction of one text must not turn the line beside it: texts stand in boxes of their own direction.
    loose = page.evaluate("""() => [...document.querySelectorAll('main .text')].filter(
      element => /[\\u202a-\\u202e\\u2066-\\u2069]/.test(element.textContent)
        && !['isolate', 'isolate-override', 'plaintext'].includes(getComputedStyle(element).unicodeBidi)
    ).map(element => element.textContent.slice(0, 80))""")
    need(not loose, f"{name}: {loose}")
    need(not page.noise, f"{name}: {page.noise}")


def board():
    with browser() as opened:
        page = new_page(opened)
        answer = page.goto(FACTS["board"])
        need("max-age" in answer.headers["cache-control"], answer.headers)
        need(page.locator("script").count() == 0, "the board needs no script")
        size = page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
        need(size <= 40_000, f"the board's page has {size} bytes, compressed")
        need(page.locator("svg a").count() >= 35, "every regency on the map is a link")
        look(page, "board")
        page.goto(f"{FACTS['board']}/wilayah/33.16")
        need("Cepu" in page.content(), "its subdistricts")
        look(page, "board-regency")
        page.goto(f"{FACTS['board']}/instansi")
        look(page, "board-agencies")
        page.goto(FACTS["board"])
        page.get_by_label("Nomor laporan").fill(FACTS["ticket"].lower())
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1).wait_for()
        need(FACTS["ticket"] in page.content() and "Jembatan gantung" in page.content(), "the ticket and its text")
        need(FACTS["handle"] not in page.content(), "no handle")
        look(page, "board-ticket")
        page.goto(f"{FACTS['board']}/?lang=en")
        look(page, "board-english", picture=False)
        # What is not public looks like what is not there.
        secret = ask(f"{FACTS['board']}/laporan/{FACTS['accusation']}")
        unknown = ask(f"{FACTS['board']}/laporan/KJ-45RQ0X8XD")
        need(secret.status == unknown.status == 404, f"{secret.status} {unknown.status}")
        same = secret.body.replace(FACTS["accusation"], "") == unknown.body.replace("KJ-45RQ0X8XD", "")
        need(same, "an accusation looks otherwise than a number that does not exist")
        feed = ask(f"{FACTS['board']}/feed/33.16.atom").body
        entries = xml.etree.ElementTree.fromstring(feed).findall("{http://www.w3.org/2005/Atom}entry")
        need(any(FACTS["ticket"] in "".join(entry.itertext()) for entry in entries), "the ticket is in its regency's feed")
        regions = json.loads(ask(f"{FACTS['board']}/data/wilayah.geojson").body)
        need(len(regions["features"]) >= 35, "every regency is a feature")
        everything = feed + ask(f"{FACTS['board']}/data/laporan.csv").body + json.dumps(regions)
        for secret in (FACTS["accusation"], FACTS["handle"]):
            need(secret not in everything, f"{secret} is in the open data")
        print(f"the board's page has {size} bytes, compressed")


def escalated():
    """A desk above sees what is late with others, without the citizen's words."""
    with browser() as opened:
        page = new_page(opened)
        sign_in(page, "SEKDA")
        page.get_by_role("link", name="Keterlambatan instansi lain").click()
        page.get_by_role("link", name=FACTS["other"]).wait_for()
        need("kehabisan obat" not in page.content(), "no citizen's words in the list")
        look(page, "desk-escalated")
        page.get_by_role("link", name=FACTS["other"]).click()
        page.get_by_role("heading", level=1, name=FACTS["other"]).wait_for()
        need("kehabisan obat" not in page.content(), "no citizen's words on the page")
        need("terlewati" in page.content(), "the missed deadline")
        need(page.locator("main form").count() == 0, "nothing to do with what is in other hands")
        look(page, "desk-escalated-ticket")


if __name__ == "__main__":
    {"desk": desk, "board": board, "hostile": hostile, "escalated": escalated}[sys.argv[1]]()
    print(f"{looked_at} looks without a serious finding")
