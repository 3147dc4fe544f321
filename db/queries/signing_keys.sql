-- name: LockSigningKeys :exec
-- LockSigningKeys lets one replica at a time decide whether a key is missing. It is held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('latchkey.signing_keys'));

-- name: ListSigningKeys :many
SELECT *
FROM signing_keys
ORDER BY created_at DESC, kid DESC;

-- name: CreateSigningKey :exec
INSERT INTO signing_keys (kid, algorithm, private_key)
VALUES (@kid, @algorithm, @private_key);
