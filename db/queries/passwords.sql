-- name: CreatePassword :exec
INSERT INTO passwords (user_id, hash)
VALUES (@user_id, @hash);

-- name: ReplacePasswordHash :exec
-- ReplacePasswordHash stores a stronger hash of the same password, unless the password was changed meanwhile.
UPDATE passwords
SET hash = @new_hash
WHERE user_id = @user_id
  AND hash = @old_hash;

-- name: LockPasswordHash :one
-- LockPasswordHash locks the password until the transaction ends. The account's row is locked first, as everywhere, so that two
-- transactions cannot deadlock. Sessions can still be created for the account.
SELECT passwords.hash, sqlc.embed(users)
FROM users
         JOIN passwords ON passwords.user_id = users.id
WHERE users.id = @user_id
    FOR NO KEY UPDATE;

-- name: SetPassword :exec
-- SetPassword sets the first password of an account, or another one.
INSERT INTO passwords (user_id, hash)
VALUES (@user_id, @hash)
ON CONFLICT (user_id) DO UPDATE SET hash = EXCLUDED.hash;
