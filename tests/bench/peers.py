"""The peers of `cargo kemala bench classifier`: what one would take from the shelf to find a text's category.

    peers.py train ROWS OUT              ROWS: JSON list of [text, category]; models go to the folder OUT
    peers.py measure PEER OUT TEXTS LONG  PEER: linear_svc or fasttext; TEXTS, LONG: JSON lists of texts

`train` prints a JSON list of the peers that it has trained, `measure` raw times in nanoseconds, as the program
`measure-classifier` does for Kemala. Each peer is measured in a process of its own, so that memory is its own.
"""

import json
import re
import sys
import time
from pathlib import Path

# As in src/passes.rs.
FEWEST, LONG_ENOUGH_NS, MOST = 3, 1_000_000_000, 100
LOADS = 3


class LinearSvc:
    """scikit-learn: TF-IDF over words (1-2) and characters (2-5), and a linear support vector machine."""

    file = "linear_svc.joblib"

    @staticmethod
    def train(rows, path):
        import joblib
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline, make_union
        from sklearn.svm import LinearSVC

        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        model = make_pipeline(make_union(words, characters), LinearSVC(random_state=1))
        model.fit([text for text, _ in rows], [category for _, category in rows])
        joblib.dump(model, path)

    @staticmethod
    def load(path):
        import joblib

        model = joblib.load(path)
        return lambda text: str(model.predict([text])[0])


class FastText:
    """fastText: words (1-2) and characters (2-5) in 100 dimensions."""

    file = "fasttext.bin"
    LABEL = "__label__"

    @staticmethod
    def line(text):
        return " ".join(re.findall(r"\w+|[^\w\s]", text.lower()))

    @classmethod
    def train(cls, rows, path):
        import fasttext

        file = path.with_suffix(".txt")
        file.write_text("".join(f"{cls.LABEL}{category} {cls.line(text)}\n" for text, category in rows), "utf-8")
        # 200,000 buckets are plenty for so few texts; the usual 2,000,000 would only cost memory.
        model = fasttext.train_supervised(
            str(file), epoch=50, lr=0.5, wordNgrams=2, minn=2, maxn=5, dim=100, bucket=200_000, thread=1, seed=1, verbose=0
        )
        model.save_model(str(path))

    @classmethod
    def load(cls, path):
        import fasttext

        model = fasttext.load_model(str(path))
        return lambda text: model.predict(cls.line(text))[0][0].removeprefix(cls.LABEL)


PEERS = {"linear_svc": LinearSvc, "fasttext": FastText}


def train(rows, out):
    trained = []
    for name, peer in PEERS.items():
        try:
            peer.train(rows, out / peer.file)
        except ModuleNotFoundError as error:
            # fastText has no wheels for the newest Pythons.
            if name != "fasttext":
                raise
            print(f"{name}: {error}", file=sys.stderr)
            continue
        trained.append(name)
    return trained


def measure(peer, path, texts, long):
    classify = peer.load(path)
    said = [classify(text) for text in texts]
    resident = resident_bytes()
    texts_ns = passes(classify, texts)
    long_ns = passes(classify, long)
    loads_ns = [timed(peer.load, path) for _ in range(LOADS)]
    return {
        "texts_ns": texts_ns,
        "long_ns": long_ns,
        "loads_ns": loads_ns,
        "resident_bytes": resident,
        "ran_and_waited_ns": ran_and_waited_ns(),
        "said": said,
    }


def passes(work, texts):
    passes_ns = []
    begin = time.perf_counter_ns()
    while len(passes_ns) < FEWEST or (time.perf_counter_ns() - begin < LONG_ENOUGH_NS and len(passes_ns) < MOST):
        passes_ns.append([timed(work, text) for text in texts])
    return passes_ns


def timed(work, argument):
    start = time.perf_counter_ns()
    work(argument)
    return time.perf_counter_ns() - start


def resident_bytes():
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def ran_and_waited_ns():
    try:
        ran, waited, *_ = Path("/proc/self/schedstat").read_text().split()
    except (OSError, ValueError):
        return None
    return int(ran), int(waited)


def read(path):
    return json.loads(Path(path).read_text("utf-8"))


def main(arguments):
    match arguments:
        case ["train", rows, out]:
            result = train(read(rows), Path(out))
        case ["measure", name, out, texts, long] if name in PEERS:
            peer = PEERS[name]
            result = measure(peer, Path(out) / peer.file, read(texts), read(long))
        case _:
            sys.exit(__doc__)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
