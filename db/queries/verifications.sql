-- name: TakeSendSlot :one
-- TakeSendSlot moves the time of the next send, if the present one has come. No row means: not yet. Whoever gets the row
-- holds it until the transaction ends, so that sends to one contact follow each other.
INSERT INTO code_sends AS slot (purpose, channel, contact, next_send_at)
VALUES (@purpose, @channel, @contact, @next_send_at)
ON CONFLICT (purpose, channel, contact) DO UPDATE SET next_send_at = EXCLUDED.next_send_at
WHERE slot.next_send_at <= @now
RETURNING next_send_at;

-- name: GetNextSend :one
SELECT next_send_at
FROM code_sends
WHERE purpose = @purpose
  AND channel = @channel
  AND contact = @contact;

-- name: ReplaceVerification :exec
-- ReplaceVerification voids the code that is alive for this contact and purpose. A proof stays: asking for another code,
-- which anybody can do, must not take it away.
UPDATE verifications
SET replaced_at = @now::timestamptz
WHERE purpose = @purpose
  AND channel = @channel
  AND contact = @contact
  AND replaced_at IS NULL
  AND verified_at IS NULL;

-- name: CreateVerification :exec
INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at)
VALUES (@id, @secret_hash, @purpose, @channel, @contact, @locale, @withheld, @expires_at);

-- name: FindVerification :one
SELECT *
FROM verifications
WHERE secret_hash = @secret_hash;

-- name: FindSendableCode :one
-- FindSendableCode gives what a delivery job needs, while the code is of use.
SELECT id, purpose, channel, contact, locale, expires_at
FROM verifications
WHERE id = @id
  AND NOT withheld
  AND replaced_at IS NULL
  AND verified_at IS NULL
  AND expires_at > @now;

-- name: ChargeAttempt :one
-- ChargeAttempt counts a try before anybody looks at the code. No row means that the code cannot be tried any more.
UPDATE verifications
SET attempts = attempts + 1
WHERE secret_hash = @secret_hash
  AND replaced_at IS NULL
  AND verified_at IS NULL
  AND expires_at > @now
  AND attempts < @max_attempts
RETURNING id, attempts;

-- name: MarkVerified :execrows
-- MarkVerified turns a code into a proof, once.
UPDATE verifications
SET verified_at      = @now::timestamptz,
    proof_expires_at = @proof_expires_at::timestamptz
WHERE id = @id
  AND replaced_at IS NULL
  AND verified_at IS NULL
  AND expires_at > @now::timestamptz;

-- name: ConsumeProof :one
-- ConsumeProof uses a proof up, once.
UPDATE verifications
SET consumed_at = @now::timestamptz
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz
RETURNING channel, contact;

-- name: FindProof :one
-- FindProof looks at a proof without using it up.
SELECT channel, contact
FROM verifications
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz;
