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
-- LockPasswordHash keeps the password as it is until the transaction ends.
SELECT hash
FROM passwords
WHERE user_id = @user_id FOR UPDATE;
