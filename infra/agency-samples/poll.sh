#!/usr/bin/env bash
# An agency's side of Kemala in one file: polls the queue, accepts new tickets, acknowledges pings.
#
#   ./poll.sh            goes on for ever
#   ./poll.sh --once     ends when the queue is empty
#
# Needs the AWS CLI (1.29 or 2.13, or newer), curl 7.87 or newer, and jq. README.md beside this file says what to set in
# the environment, and why things are done as they are here.
set -euo pipefail

once=no
case "$*" in
    "") ;;
    --once) once=yes ;;
    *) echo "usage: poll.sh [--once]" >&2; exit 2 ;;
esac
for name in KEMALA_QUEUE_URL KEMALA_API_URL KEMALA_ROLE_ARN KEMALA_EXTERNAL_ID KEMALA_AGENCY \
    AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
    [[ -n ${!name:-} ]] || { echo "poll.sh: set $name" >&2; exit 2; }
done
# Version 1 of the CLI knows the region by this name only; version 2 would show long answers in a pager.
export AWS_DEFAULT_REGION=$AWS_REGION AWS_PAGER=

# Every call ends. A poll waits up to 20 s for a message, so its answer may take longer than that. Version 1 of the CLI
# does not take a local system's endpoint for SQS from the environment.
cli() {
    aws --output json --cli-connect-timeout 5 --cli-read-timeout 30 \
        ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"
}

# Takes on the polling role. The session ends after an hour; we take a new one before.
renew_at=0
take_on_role() {
    local answer
    answer=$(cli sts assume-role --role-arn "$KEMALA_ROLE_ARN" --role-session-name poll \
        --external-id "$KEMALA_EXTERNAL_ID") || return 1
    role_id=$(jq -r .Credentials.AccessKeyId <<<"$answer")
    role_secret=$(jq -r .Credentials.SecretAccessKey <<<"$answer")
    role_token=$(jq -r .Credentials.SessionToken <<<"$answer")
    renew_at=$((SECONDS + 45 * 60))
}

# A call of the queue, with the role.
sqs() {
    AWS_ACCESS_KEY_ID=$role_id AWS_SECRET_ACCESS_KEY=$role_secret AWS_SESSION_TOKEN=$role_token \
        cli sqs "$@" --queue-url "$KEMALA_QUEUE_URL"
}

# call METHOD PATH [BODY [KEY]]: calls the API with the role. Leaves the status in $status (000: no answer) and the
# answer in $answer. The keys go through a pipe, where no list of processes shows them.
call() {
    local failed=0 arguments=(--silent --show-error --connect-timeout 5 --max-time 10 --request "$1")
    [[ $1 == GET ]] || arguments+=(--data-binary "${3:-}" --header "Content-Type: application/json")
    [[ -z ${4:-} ]] || arguments+=(--header "Idempotency-Key: $4")
    answer=$(curl "${arguments[@]}" --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --write-out '\n%{http_code}' \
        --config <(printf 'user = "%s:%s"\nheader = "X-Amz-Security-Token: %s"\n' \
            "$role_id" "$role_secret" "$role_token") \
        "${KEMALA_API_URL%/}/agencies/$KEMALA_AGENCY/$2") || failed=$?
    status=${answer##*$'\n'} answer=${answer%$'\n'*}
    # What breaks off, or says 200 and is no JSON, is no answer.
    if [[ $failed != 0 ]] || { [[ $status == 200 ]] && ! jq -e . <<<"$answer" >/dev/null 2>&1; }; then
        status=000
    fi
}

# handle BODY: does what a message asks for. Succeeds if it may be deleted; what is kept comes again after 5 minutes.
handle() {
    local type id subject
    type=$(jq -er .type <<<"$1") && id=$(jq -er .id <<<"$1") && subject=$(jq -er .subject <<<"$1") \
        || { keep "a message is unreadable"; return 1; }

    if [[ $type == id.kemala.ping.v1 ]]; then
        call POST "pings/$id"
        case $status in
            200) echo "$id acknowledged" ;;
            404) ;; # a newer ping is in the queue
            *) refused "$id"; return 1 ;;
        esac
        return 0
    fi

    [[ $type == id.kemala.ticket.* ]] || { keep "$id: what is $type?"; return 1; }

    # The message is only the bell, and may be old or come twice. So we ask how things are now, and need not compare
    # `data.version`: only who stores `data` must drop what is older than the version stored.
    call GET "tickets/$subject"
    case $status in
        200) ;;
        404) echo "$subject is not ours any more"; return 0 ;;
        *) refused "$subject"; return 1 ;;
    esac

    # Here your system stores the ticket. This one shows it.
    jq -r '[.ticket, .status, .category // "-", .place.name // "-", ([.deadlines[].due_at] | min // "-")]
        | join("  ")' <<<"$answer"

    if [[ $type == id.kemala.ticket.assigned.v1 ]] && jq -e '.allowed | index("accept")' <<<"$answer" >/dev/null; then
        # The same key in every repeat: it is done once, and a repeat is answered as the first was.
        call POST "tickets/$subject/updates" '{"action": "accept"}' "$id/accept"
        case $status in
            200) echo "$subject $(jq -r .status <<<"$answer")" ;;
            404 | 409) ;; # meanwhile it is somebody else's, or otherwise; another message tells of that
            *) refused "$subject"; return 1 ;;
        esac
    fi
    return 0
}

# Tells of a message that the API did not do. Where we may not call at all, no message will be done: it ends.
refused() {
    if [[ $status == 403 ]]; then
        keep "$1: 403, do KEMALA_AGENCY, KEMALA_ROLE_ARN and KEMALA_API_URL belong together? $answer"
        exit 1
    fi
    keep "$1: $status, it comes again: $answer"
}

keep() {
    echo "poll.sh: $1" >&2
}

# No role, no queue or no network. Nothing is lost: what was not deleted comes again.
try_later() {
    [[ $once == no ]] || exit 1
    renew_at=0
    sleep 10
}

wait=20
[[ $once == no ]] || wait=1
while true; do
    if ((SECONDS >= renew_at)); then
        take_on_role || { try_later; continue; }
    fi
    # Up to 10 messages, which nobody else gets for the next 5 minutes.
    page=$(sqs receive-message --max-number-of-messages 10 --wait-time-seconds "$wait") || { try_later; continue; }
    mapfile -t messages < <(jq -c '.Messages[]?' <<<"$page")
    if [[ $once == yes && ${#messages[@]} == 0 ]]; then
        exit 0
    fi
    for message in "${messages[@]}"; do
        if handle "$(jq -r .Body <<<"$message")"; then
            sqs delete-message --receipt-handle "$(jq -r .ReceiptHandle <<<"$message")" || { try_later; break; }
        fi
    done
done
