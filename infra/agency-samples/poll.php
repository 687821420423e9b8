#!/usr/bin/env php
<?php
// An agency's side of Kemala in one file: polls the queue, accepts new tickets, acknowledges pings.
//
//   php poll.php            goes on for ever
//   php poll.php --once     ends when the queue is empty
//
// Needs PHP 8.2 or newer with its curl extension, and libcurl 7.87 or newer, which signs the calls. README.md beside this
// file says what to set in the environment, and why things are done as they are here.
declare(strict_types=1);

const WANTED = ['KEMALA_QUEUE_URL', 'KEMALA_API_URL', 'KEMALA_ROLE_ARN', 'KEMALA_EXTERNAL_ID', 'KEMALA_AGENCY',
    'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
// The session of a role ends after an hour; we take a new one before.
const RENEW_AFTER = 45 * 60;
// Every call ends. A poll waits up to 20 s for a message, so its answer may take longer than that.
const POLL_TIMEOUT = 30;
const API_TIMEOUT = 10;

/** Keys that sign a call: the caller's own, or those of a session in the role. */
final readonly class Keys
{
    public function __construct(public string $id, public string $secret, public ?string $token)
    {
    }
}

/** No role, no queue or no network. Nothing is lost: what was not deleted comes again. */
final class Unavailable extends RuntimeException
{
}

/** Signs and sends one request: the status (0: no answer) and the answer's text. */
function send(
    Keys $keys,
    string $service,
    string $method,
    string $url,
    array $headers,
    string $body,
    int $timeout,
): array {
    if ($keys->token !== null) {
        $headers[] = "X-Amz-Security-Token: $keys->token";
    }
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_USERPWD => "$keys->id:$keys->secret",
        CURLOPT_AWS_SIGV4 => 'aws:amz:' . getenv('AWS_REGION') . ":$service",
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 5,
        CURLOPT_TIMEOUT => $timeout,
    ]);
    if ($method === 'POST') {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $answer = curl_exec($curl);
    return $answer === false ? [0, curl_error($curl)] : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $answer];
}

/** Takes on the polling role. */
function takeOnRole(): Keys
{
    $caller = new Keys(getenv('AWS_ACCESS_KEY_ID'), getenv('AWS_SECRET_ACCESS_KEY'), getenv('AWS_SESSION_TOKEN') ?: null);
    $endpoint = getenv('AWS_ENDPOINT_URL') ?: 'https://sts.' . getenv('AWS_REGION') . '.amazonaws.com';
    $form = http_build_query([
        'Action' => 'AssumeRole',
        'Version' => '2011-06-15',
        'RoleArn' => getenv('KEMALA_ROLE_ARN'),
        'RoleSessionName' => 'poll',
        'ExternalId' => getenv('KEMALA_EXTERNAL_ID'),
    ]);
    $headers = ['Content-Type: application/x-www-form-urlencoded'];
    [$status, $xml] = send($caller, 'sts', 'POST', rtrim($endpoint, '/') . '/', $headers, $form, API_TIMEOUT);
    if ($status !== 200) {
        throw new Unavailable("AssumeRole: $status $xml");
    }
    // The answer is XML of a fixed shape, and the values have no characters that XML would write otherwise.
    $value = fn (string $name) => preg_match("~<$name>(.*?)</$name>~", $xml, $found) ? $found[1] : '';
    return new Keys($value('AccessKeyId'), $value('SecretAccessKey'), $value('SessionToken'));
}

/** Calls an operation of the queue, with the role. */
function sqs(Keys $role, string $operation, array $input): array
{
    $queue = getenv('KEMALA_QUEUE_URL');
    $endpoint = preg_replace('~^(https?://[^/]+).*~', '$1/', $queue);
    $headers = ['Content-Type: application/x-amz-json-1.0', "X-Amz-Target: AmazonSQS.$operation"];
    $body = json_encode(['QueueUrl' => $queue] + $input, JSON_THROW_ON_ERROR);
    [$status, $answer] = send($role, 'sqs', 'POST', $endpoint, $headers, $body, POLL_TIMEOUT);
    if ($status !== 200) {
        throw new Unavailable("$operation: $status $answer");
    }
    return json_decode($answer, true) ?? [];
}

/** Calls the API, with the role: the status (0: no answer), and what the answer says. */
function call(Keys $role, string $method, string $path, string $body = '', ?string $key = null): array
{
    $headers = $method === 'POST' ? ['Content-Type: application/json'] : [];
    if ($key !== null) {
        $headers[] = "Idempotency-Key: $key";
    }
    $url = rtrim(getenv('KEMALA_API_URL'), '/') . '/agencies/' . getenv('KEMALA_AGENCY') . "/$path";
    [$status, $answer] = send($role, 'execute-api', $method, $url, $headers, $body, API_TIMEOUT);
    $json = json_decode($answer, true);
    if (!is_array($json)) {
        // What is no JSON is not the API's own answer.
        return [$status === 200 ? 0 : $status, ['detail' => $answer]];
    }
    return [$status, $json];
}

/** Does what a message asks for; whether it may be deleted. What is kept comes again after 5 minutes. */
function handle(Keys $role, string $body): bool
{
    $event = json_decode($body, true);
    $type = $event['type'] ?? null;
    $id = $event['id'] ?? null;
    $subject = $event['subject'] ?? null;
    if (!is_string($type) || !is_string($id) || !is_string($subject)) {
        return keep('a message is unreadable');
    }

    if ($type === 'id.kemala.ping.v1') {
        [$status, $answer] = call($role, 'POST', "pings/$id");
        if ($status === 200) {
            echo "$id acknowledged\n";
        }
        // 404: a newer ping is in the queue.
        return in_array($status, [200, 404], true) || refused($id, $status, $answer);
    }

    if (!str_starts_with($type, 'id.kemala.ticket.')) {
        return keep("$id: what is $type?");
    }

    // The message is only the bell, and may be old or come twice. So we ask how things are now, and need not compare
    // `data.version`: only who stores `data` must drop what is older than the version stored.
    [$status, $ticket] = call($role, 'GET', "tickets/$subject");
    if ($status === 404) {
        echo "$subject is not ours any more\n";
        return true;
    }
    if ($status !== 200) {
        return refused($subject, $status, $ticket);
    }

    // Here your system stores the ticket. This one shows it.
    $due = array_column($ticket['deadlines'], 'due_at');
    $deadline = $due ? min($due) : '-';
    $line = [$subject, $ticket['status'], $ticket['category'] ?? '-', $ticket['place']['name'] ?? '-', $deadline];
    echo implode('  ', $line), "\n";

    if ($type === 'id.kemala.ticket.assigned.v1' && in_array('accept', $ticket['allowed'], true)) {
        // The same key in every repeat: it is done once, and a repeat is answered as the first was.
        [$status, $answer] = call($role, 'POST', "tickets/$subject/updates", '{"action": "accept"}', "$id/accept");
        if ($status === 200) {
            echo "$subject {$answer['status']}\n";
        }
        // 404, 409: meanwhile it is somebody else's, or otherwise; another message tells of that.
        return in_array($status, [200, 404, 409], true) || refused($subject, $status, $answer);
    }
    return true;
}

/** Keeps a message that the API did not do. Where we may not call at all, no message will be done: it ends. */
function refused(string $what, int $status, array $answer): bool
{
    $said = json_encode($answer, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
    if ($status === 403) {
        keep("$what: 403, do KEMALA_AGENCY, KEMALA_ROLE_ARN and KEMALA_API_URL belong together? $said");
        exit(1);
    }
    return keep("$what: " . ($status ?: 'no answer') . ", it comes again: $said");
}

function keep(string $why): bool
{
    fwrite(STDERR, "poll.php: $why\n");
    return false;
}

function main(array $arguments): int
{
    if ($arguments !== [] && $arguments !== ['--once']) {
        fwrite(STDERR, "usage: php poll.php [--once]\n");
        return 2;
    }
    foreach (WANTED as $name) {
        if ((string) getenv($name) === '') {
            fwrite(STDERR, "poll.php: set $name\n");
            return 2;
        }
    }
    $once = $arguments === ['--once'];
    $role = null;
    $renewAt = 0;
    while (true) {
        try {
            if ($role === null || time() > $renewAt) {
                $role = takeOnRole();
                $renewAt = time() + RENEW_AFTER;
            }
            // Up to 10 messages, which nobody else gets for the next 5 minutes.
            $input = ['MaxNumberOfMessages' => 10, 'WaitTimeSeconds' => $once ? 1 : 20];
            $messages = sqs($role, 'ReceiveMessage', $input)['Messages'] ?? [];
            foreach ($messages as $message) {
                if (handle($role, $message['Body'])) {
                    sqs($role, 'DeleteMessage', ['ReceiptHandle' => $message['ReceiptHandle']]);
                }
            }
        } catch (Unavailable $error) {
            keep($error->getMessage());
            if ($once) {
                return 1;
            }
            $role = null;
            sleep(10);
            continue;
        }
        if ($once && $messages === []) {
            return 0;
        }
    }
}

exit(main(array_slice($argv, 1)));
