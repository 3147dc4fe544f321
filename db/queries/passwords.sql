-- name: CreatePassword :exec
INSERT INTO passwords (user_id, hash)
VALUES (@user_id, @hash);

-- name: ReplacePasswordHash :exec
-- ReplacePasswordHash puts a stronger hash of the same password in place, unless the password was changed meanwhile.
UPDATE passwords
SET hash = @new_hash
WHERE user_id = @user_id
  AND hash = @old_hash;

-- name: LockPasswordHash :one
-- LockPasswordHash keeps the password as it is until the transaction ends. The account's row comes first, as everywhere, so
-- that two transactions never wait for each other; a session can still be made for it.
SELECT passwords.hash, sqlc.embed(users)
FROM users
         JOIN passwords ON passwords.user_id = users.id
WHERE users.id = @user_id
    FOR NO KEY UPDATE;

-- name: SetPassword :exec
-- SetPassword gives an account another password, or its first one.
INSERT INTO passwords (user_id, hash)
VALUES (@user_id, @hash)
ON CONFLICT (user_id) DO UPDATE SET hash = EXCLUDED.hash;
