-- name: TakeSendSlot :one
-- TakeSendSlot records a send if it is allowed now, and returns when the next one is. No row means that it is not allowed yet.
-- The row stays locked until the transaction ends, so that sends to one contact are serialized. If a row is returned, the
-- fifth-last send is more than an hour old, and the tenth-last more than a day.
INSERT INTO code_budgets AS b (purpose, channel, contact, sent_at, next_send_at)
VALUES (@purpose, @channel, @contact, ARRAY [@now::timestamptz], @after_wait::timestamptz)
ON CONFLICT (purpose, channel, contact) DO UPDATE
    SET sent_at      = (b.sent_at || @now::timestamptz)[greatest(1, cardinality(b.sent_at) - 8):],
        next_send_at = greatest(@after_wait::timestamptz,
                                b.sent_at[cardinality(b.sent_at) - 3] + interval '1 hour',
                                b.sent_at[cardinality(b.sent_at) - 8] + interval '1 day')
WHERE b.next_send_at <= @now::timestamptz
RETURNING next_send_at;

-- name: LockLiveVerification :exec
-- LockLiveVerification locks the valid code for a contact and purpose, if there is one, until the transaction ends.
SELECT id
FROM verifications
WHERE purpose = @purpose
  AND channel = @channel
  AND contact = @contact
  AND replaced_at IS NULL
  AND verified_at IS NULL
    FOR UPDATE;

-- name: GetNextSend :one
SELECT next_send_at
FROM code_budgets
WHERE purpose = @purpose
  AND channel = @channel
  AND contact = @contact;

-- name: ReplaceVerification :exec
-- ReplaceVerification voids the valid code for this contact and purpose. A proof stays: any caller can request another code, and
-- must not invalidate a proof by it.
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
-- FindVerification returns what explains why a code cannot be verified.
SELECT v.replaced_at, v.verified_at, v.consumed_at, v.proof_expires_at, v.attempts, v.expires_at, b.guesses, b.guesses_since
FROM verifications v
         JOIN code_budgets b USING (purpose, channel, contact)
WHERE v.secret_hash = @secret_hash;

-- name: FindCodeToSend :one
-- FindCodeToSend returns what a delivery job needs, and whether the code is still to be sent.
SELECT id, purpose, channel, contact, locale, withheld, replaced_at, verified_at, expires_at
FROM verifications
WHERE id = @id;

-- name: ReturnSend :execrows
-- ReturnSend returns a send to its contact's budget. The wait after it stays. Repeating it has no further effect.
WITH unsent AS (SELECT v.purpose, v.channel, v.contact, v.expires_at - @code_ttl::interval AS sent_at
                FROM verifications v
                WHERE v.id = @id),
     remaining AS (SELECT b.purpose, b.channel, b.contact, unsent.sent_at, array_remove(b.sent_at, unsent.sent_at) AS sends
                   FROM code_budgets b
                            JOIN unsent USING (purpose, channel, contact)
                   WHERE unsent.sent_at = ANY (b.sent_at)
                       FOR UPDATE OF b)
UPDATE code_budgets b
SET sent_at      = r.sends,
    next_send_at = greatest(r.sent_at + @resend_wait::interval,
                            r.sends[cardinality(r.sends)] + @resend_wait::interval,
                            r.sends[cardinality(r.sends) - 4] + interval '1 hour',
                            r.sends[cardinality(r.sends) - 9] + interval '1 day')
FROM remaining r
WHERE (b.purpose, b.channel, b.contact) = (r.purpose, r.channel, r.contact);

-- name: ChargeAttempt :one
-- ChargeAttempt counts an attempt before the code is compared: against the code, and against the day's budget of its contact and
-- purpose, which all codes share. A code allows attempts while it is valid, and again while its proof is valid. No row means that
-- the code allows no attempt.
WITH live AS (SELECT l.id, l.purpose, l.channel, l.contact
              FROM verifications l
              WHERE l.secret_hash = @secret_hash
                AND l.replaced_at IS NULL
                AND (l.verified_at IS NULL AND l.expires_at > @now::timestamptz
                  OR l.consumed_at IS NULL AND l.proof_expires_at > @now::timestamptz)
                AND l.attempts < @max_attempts::integer
                  FOR UPDATE),
     charged AS (
         UPDATE code_budgets b
             SET guesses = CASE WHEN b.guesses_since > @day_ago::timestamptz THEN b.guesses + 1 ELSE 1 END,
                 guesses_since = CASE WHEN b.guesses_since > @day_ago::timestamptz THEN b.guesses_since ELSE @now::timestamptz END
             FROM live
             WHERE b.purpose = live.purpose
                 AND b.channel = live.channel
                 AND b.contact = live.contact
                 AND (b.guesses < @max_guesses::integer OR b.guesses_since <= @day_ago::timestamptz)
             RETURNING live.id, b.guesses)
UPDATE verifications v
SET attempts = v.attempts + 1
FROM charged
WHERE v.id = charged.id
RETURNING v.id, v.channel, v.contact, v.attempts, charged.guesses;

-- name: MarkVerified :execrows
-- MarkVerified turns a code into a proof, once. It voids an older proof of the same contact and purpose.
WITH proven AS (
    UPDATE verifications p
        SET verified_at = @now::timestamptz,
            proof_expires_at = @proof_expires_at::timestamptz
        WHERE p.id = @id
            AND p.replaced_at IS NULL
            AND p.verified_at IS NULL
            AND p.expires_at > @now::timestamptz
        RETURNING p.id, p.purpose, p.channel, p.contact),
     outdone AS (
         UPDATE verifications older
             SET consumed_at = @now::timestamptz
             FROM proven
             WHERE older.purpose = proven.purpose
                 AND older.channel = proven.channel
                 AND older.contact = proven.contact
                 AND older.id <> proven.id
                 AND older.verified_at IS NOT NULL
                 AND older.consumed_at IS NULL)
SELECT proven.id
FROM proven;

-- name: ReturnAttempt :one
-- ReturnAttempt subtracts an attempt with the right code, and returns when the proof expires. No row means that there is no valid
-- proof; then the attempt stays counted.
WITH proven AS (
    UPDATE verifications p
        SET attempts = greatest(p.attempts - 1, 0)
        WHERE p.id = @id
            AND p.consumed_at IS NULL
            AND p.proof_expires_at > @now::timestamptz
        RETURNING p.purpose, p.channel, p.contact, p.proof_expires_at)
UPDATE code_budgets b
SET guesses = greatest(b.guesses - 1, 0)
FROM proven
WHERE b.purpose = proven.purpose
  AND b.channel = proven.channel
  AND b.contact = proven.contact
RETURNING proven.proof_expires_at::timestamptz AS proof_expires_at;

-- name: ConsumeProof :one
-- ConsumeProof uses up a proof, once.
UPDATE verifications
SET consumed_at = @now::timestamptz
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz
RETURNING id, channel, contact, verified_at;

-- name: FindProof :one
-- FindProof returns a proof without using it up.
SELECT channel, contact
FROM verifications
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz;

-- name: VoidVerifications :exec
-- VoidVerifications voids the codes and proofs of a contact that give access to an account.
UPDATE verifications
SET replaced_at = CASE WHEN verified_at IS NULL THEN coalesce(replaced_at, @now::timestamptz) ELSE replaced_at END,
    consumed_at = CASE WHEN verified_at IS NULL THEN NULL ELSE coalesce(consumed_at, @now::timestamptz) END
WHERE channel = @channel
  AND contact = @contact
  AND purpose IN ('sign_in', 'reset_password');

-- name: DeleteVerifications :exec
DELETE
FROM verifications
WHERE channel = @channel
  AND contact = @contact;

-- name: DeleteUsedProofs :exec
DELETE
FROM verifications
WHERE id = ANY (@ids::uuid[])
  AND consumed_at IS NOT NULL;

-- name: SweepVerifications :execrows
-- SweepVerifications deletes codes that ended before a time, and their proofs with them, unless the proofs ended later.
DELETE
FROM verifications
WHERE ctid = ANY (ARRAY(SELECT v.ctid
                        FROM verifications v
                        WHERE greatest(v.expires_at, v.proof_expires_at) < @before::timestamptz
                        ORDER BY greatest(v.expires_at, v.proof_expires_at)
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND greatest(expires_at, proof_expires_at) < (SELECT @before::timestamptz);

-- name: SweepCodeBudgets :execrows
-- SweepCodeBudgets deletes budgets whose next send was allowed before a time. Their last send was before that time too, and a
-- code allows attempts for some minutes after its send. The time must be so long ago that both budgets are full again. The
-- remaining conditions are checked anyway: an existing verification needs its budget for the answer to its holder.
DELETE
FROM code_budgets
WHERE ctid = ANY (ARRAY(SELECT b.ctid FROM code_budgets b WHERE b.next_send_at < @before::timestamptz ORDER BY b.next_send_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND next_send_at < (SELECT @before::timestamptz)
  AND guesses_since < @before
  AND NOT EXISTS (SELECT
                  FROM verifications v
                  WHERE (v.purpose, v.channel, v.contact) = (code_budgets.purpose, code_budgets.channel, code_budgets.contact));
