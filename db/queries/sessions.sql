-- name: CreateSession :one
INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
VALUES (@id, @user_id, @amr, @now, @user_agent, @ip, @now, @expires_at, @ends_at)
RETURNING *;
