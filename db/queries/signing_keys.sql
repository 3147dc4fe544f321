-- name: LockSigningKeys :exec
-- LockSigningKeys lets one replica at a time change the ring, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('latchkey.signing_keys'));

-- name: ListSigningKeys :many
-- ListSigningKeys returns the keys in the order in which they sign.
SELECT *
FROM signing_keys
ORDER BY active_from, kid;

-- name: CreateSigningKey :one
INSERT INTO signing_keys (kid, algorithm, private_key, active_from, token_seconds)
VALUES (@kid, @algorithm, @private_key, @active_from, @token_seconds)
RETURNING *;

-- name: RaiseTokenSeconds :exec
-- RaiseTokenSeconds records that these keys sign tokens with a longer lifetime than recorded before.
UPDATE signing_keys
SET token_seconds = @token_seconds
WHERE kid = ANY (@kids::text[])
  AND token_seconds < @token_seconds;

-- name: DeleteSigningKeys :exec
DELETE
FROM signing_keys
WHERE kid = ANY (@kids::text[]);
