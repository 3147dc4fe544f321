-- name: CreateUser :one
INSERT INTO users (id, email, email_verified_at, phone, phone_verified_at, name, nickname, nickname_key, role, locale)
VALUES (@id, sqlc.narg(email), sqlc.narg(email_verified_at), sqlc.narg(phone), sqlc.narg(phone_verified_at), @name,
        @nickname, @nickname_key, @role, @locale)
RETURNING *;

-- name: FindUser :one
SELECT *
FROM users
WHERE id = @id;

-- name: FindDuplicates :one
-- FindDuplicates checks all three at once, so that a form can show all duplicates together. A contact without a proof is not
-- taken.
SELECT EXISTS (SELECT FROM users u WHERE u.email = sqlc.narg(email)::text AND u.email_verified_at IS NOT NULL) AS email_taken,
       EXISTS (SELECT FROM users u WHERE u.phone = sqlc.narg(phone)::text AND u.phone_verified_at IS NOT NULL) AS phone_taken,
       EXISTS (SELECT FROM users u WHERE u.nickname_key = sqlc.narg(nickname_key)::text)                       AS nickname_taken;

-- name: FindUserByEmail :one
-- FindUserByEmail returns the account that signs in with an address, with its password hash. It is the one that has proven the
-- address. If there is none, and addresses need no proof, it is the one that has held the address longest.
SELECT sqlc.embed(users), coalesce(passwords.hash, '') AS hash
FROM users
         LEFT JOIN passwords ON passwords.user_id = users.id
WHERE users.email = @email::text
  AND (users.email_verified_at IS NOT NULL OR @unproven::boolean)
ORDER BY users.email_verified_at IS NULL, users.created_at, users.id
LIMIT 1;

-- name: FindUserByPhone :one
-- FindUserByPhone returns the account that signs in with a number, with its password hash. It is the one that has proven the
-- number. If there is none, and numbers need no proof, it is the one that has held the number longest.
SELECT sqlc.embed(users), coalesce(passwords.hash, '') AS hash
FROM users
         LEFT JOIN passwords ON passwords.user_id = users.id
WHERE users.phone = @phone::text
  AND (users.phone_verified_at IS NOT NULL OR @unproven::boolean)
ORDER BY users.phone_verified_at IS NULL, users.created_at, users.id
LIMIT 1;

-- name: FindUserWithPassword :one
SELECT sqlc.embed(users), coalesce(passwords.hash, '') AS hash
FROM users
         LEFT JOIN passwords ON passwords.user_id = users.id
WHERE users.id = @id;

-- name: FindUserByProvenContact :one
SELECT *
FROM users
WHERE (@channel::text = 'email' AND email = @contact::text AND email_verified_at IS NOT NULL)
   OR (@channel::text = 'phone' AND phone = @contact::text AND phone_verified_at IS NOT NULL);

-- name: SecureUser :exec
-- SecureUser records that the password was changed.
UPDATE users
SET secured_at = @now::timestamptz
WHERE id = @id;

-- name: LockForClaim :many
-- LockForClaim locks an account, and those that hold its new contacts without a proof, until the transaction ends. It locks them
-- in one order, so that two accounts that claim from each other cannot deadlock. Any number of accounts may hold a contact
-- without a proof; the first hundred are locked.
SELECT u.*
FROM users u
WHERE u.id = @id
   OR u.id = ANY (ARRAY(SELECT h.id
                      FROM users h
                      WHERE h.email = sqlc.narg(email)::text
                        AND h.email_verified_at IS NULL
                      ORDER BY h.created_at, h.id
                      LIMIT 100))
   OR u.id = ANY (ARRAY(SELECT h.id
                      FROM users h
                      WHERE h.phone = sqlc.narg(phone)::text
                        AND h.phone_verified_at IS NULL
                      ORDER BY h.created_at, h.id
                      LIMIT 100))
ORDER BY u.id
    FOR NO KEY UPDATE;

-- name: UpdateProfile :one
-- UpdateProfile changes the given fields.
UPDATE users
SET name         = coalesce(sqlc.narg(name), name),
    nickname     = coalesce(sqlc.narg(nickname), nickname),
    nickname_key = coalesce(sqlc.narg(nickname_key), nickname_key),
    locale       = coalesce(sqlc.narg(locale), locale)
WHERE id = @id
RETURNING *;

-- name: SetProvenEmail :one
UPDATE users
SET email             = @email::text,
    email_verified_at = @now::timestamptz,
    secured_at        = @now::timestamptz
WHERE id = @id
RETURNING *;

-- name: SetProvenPhone :one
UPDATE users
SET phone             = @phone::text,
    phone_verified_at = @now::timestamptz,
    secured_at        = @now::timestamptz
WHERE id = @id
RETURNING *;

-- name: ClaimEmail :many
-- ClaimEmail removes an address from accounts that hold it without a proof: the first hundred.
UPDATE users u
SET email = NULL
WHERE u.id = ANY (ARRAY(SELECT h.id
                      FROM users h
                      WHERE h.email = @email::text
                        AND h.email_verified_at IS NULL
                        AND h.id <> @new_owner
                      ORDER BY h.created_at, h.id
                      LIMIT 100))
  AND u.email = @email::text
  AND u.email_verified_at IS NULL
RETURNING *;

-- name: ClaimPhone :many
-- ClaimPhone removes a number from accounts that hold it without a proof: the first hundred.
UPDATE users u
SET phone = NULL
WHERE u.id = ANY (ARRAY(SELECT h.id
                      FROM users h
                      WHERE h.phone = @phone::text
                        AND h.phone_verified_at IS NULL
                        AND h.id <> @new_owner
                      ORDER BY h.created_at, h.id
                      LIMIT 100))
  AND u.phone = @phone::text
  AND u.phone_verified_at IS NULL
RETURNING *;

-- name: DeleteUser :execrows
DELETE
FROM users
WHERE id = @id;

-- name: SetRole :one
UPDATE users
SET role = @role
WHERE id = @id
RETURNING *;

-- name: DisableUser :one
-- DisableUser disables an account. If it is disabled already, the time does not change.
UPDATE users
SET disabled_at = coalesce(disabled_at, @now::timestamptz)
WHERE id = @id
RETURNING *;

-- name: EnableUser :one
UPDATE users
SET disabled_at = NULL
WHERE id = @id
RETURNING *;

-- name: LockUser :one
-- LockUser locks an account until the transaction ends.
SELECT *
FROM users
WHERE id = @id
    FOR NO KEY UPDATE;
