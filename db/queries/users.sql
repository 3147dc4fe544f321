-- name: CreateUser :one
INSERT INTO users (id, email, email_verified_at, phone, phone_verified_at, name, nickname, nickname_key, role, locale)
VALUES (@id, sqlc.narg(email), sqlc.narg(email_verified_at), sqlc.narg(phone), sqlc.narg(phone_verified_at), @name,
        @nickname, @nickname_key, @role, @locale)
RETURNING *;

-- name: FindUser :one
SELECT *
FROM users
WHERE id = @id;

-- name: FindTaken :one
-- FindTaken answers for all three at once, so that a form hears of every clash together. An unproven contact is not taken.
SELECT EXISTS (SELECT FROM users u WHERE u.email = sqlc.narg(email)::text AND u.email_verified_at IS NOT NULL) AS email_taken,
       EXISTS (SELECT FROM users u WHERE u.phone = sqlc.narg(phone)::text AND u.phone_verified_at IS NOT NULL) AS phone_taken,
       EXISTS (SELECT FROM users u WHERE u.nickname_key = sqlc.narg(nickname_key)::text)                       AS nickname_taken;

-- name: FindUserByEmail :one
-- FindUserByEmail looks for the account that has proven the address, with its password.
SELECT sqlc.embed(users), passwords.hash
FROM users
         JOIN passwords ON passwords.user_id = users.id
WHERE users.email = @email::text
  AND users.email_verified_at IS NOT NULL;

-- name: FindUserByPhone :one
-- FindUserByPhone looks for the account that has proven the number, with its password.
SELECT sqlc.embed(users), passwords.hash
FROM users
         JOIN passwords ON passwords.user_id = users.id
WHERE users.phone = @phone::text
  AND users.phone_verified_at IS NOT NULL;
