-- name: TakeSendSlot :one
-- TakeSendSlot notes a send, if its time has come, and tells when the next one may be. No row means: not yet. Whoever gets
-- the row holds it until the transaction ends, so that sends to one contact follow each other. The fifth-last send is
-- more than an hour old then, and the tenth-last more than a day.
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
-- LockLiveVerification holds the code that is alive for a contact and purpose, if there is one, until the transaction ends.
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
-- FindVerification returns what tells why a code cannot be tried.
SELECT v.replaced_at, v.verified_at, v.consumed_at, v.proof_expires_at, v.attempts, v.expires_at, b.guesses, b.guesses_since
FROM verifications v
         JOIN code_budgets b USING (purpose, channel, contact)
WHERE v.secret_hash = @secret_hash;

-- name: FindCodeToSend :one
-- FindCodeToSend gives what a delivery job needs, and what tells whether the code is still to be sent.
SELECT id, purpose, channel, contact, locale, withheld, replaced_at, verified_at, expires_at
FROM verifications
WHERE id = @id;

-- name: ReturnSend :execrows
-- ReturnSend takes a send out of its contact's budget. The wait after it stays. Doing it twice changes nothing more.
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
-- ChargeAttempt counts a try before the code is looked at: against the code, and against the day's budget of its contact and
-- purpose, whatever number of codes was sent. A code can be tried while it is alive, and again while the proof that it has
-- left is good. No row means that the code cannot be tried.
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
-- MarkVerified turns a code into a proof, once. An older proof of the same contact and purpose is voided.
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
-- ReturnAttempt counts a try back that was right, and returns when the proof ends. No row means that there is no proof, or
-- none that is good: then the try stays counted.
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
-- ConsumeProof uses a proof up, once.
UPDATE verifications
SET consumed_at = @now::timestamptz
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz
RETURNING id, channel, contact, verified_at;

-- name: FindProof :one
-- FindProof looks at a proof without using it up.
SELECT channel, contact
FROM verifications
WHERE secret_hash = @secret_hash
  AND purpose = @purpose
  AND consumed_at IS NULL
  AND proof_expires_at > @now::timestamptz;

-- name: VoidVerifications :exec
-- VoidVerifications ends the codes and proofs of a contact that give access to an account.
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
-- SweepVerifications deletes codes that ended before a time, and their proofs with them, unless these ended later.
DELETE
FROM verifications
WHERE ctid = ANY (ARRAY(SELECT v.ctid
                        FROM verifications v
                        WHERE greatest(v.expires_at, v.proof_expires_at) < @before::timestamptz
                        ORDER BY greatest(v.expires_at, v.proof_expires_at)
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND greatest(expires_at, proof_expires_at) < (SELECT @before::timestamptz);

-- name: SweepCodeBudgets :execrows
-- SweepCodeBudgets deletes budgets whose next send could have been before a time. The last send was then too, and a code is
-- tried within minutes of it: the time is to lie so far back that both budgets are full again. The rest is checked all the
-- same, since a verification that is still there takes from its budget what to tell its holder.
DELETE
FROM code_budgets
WHERE ctid = ANY (ARRAY(SELECT b.ctid FROM code_budgets b WHERE b.next_send_at < @before::timestamptz ORDER BY b.next_send_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND next_send_at < (SELECT @before::timestamptz)
  AND guesses_since < @before
  AND NOT EXISTS (SELECT
                  FROM verifications v
                  WHERE (v.purpose, v.channel, v.contact) = (code_budgets.purpose, code_budgets.channel, code_budgets.contact));
