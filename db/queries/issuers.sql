-- name: NoteIssuer :many
-- NoteIssuer records a server's issuer, deletes issuers that were not seen for long, and returns the others that were seen
-- recently.
WITH noted AS (
    INSERT INTO issuers AS i (issuer, first_seen_at, last_seen_at)
        VALUES (@issuer, @now::timestamptz, @now::timestamptz)
        ON CONFLICT (issuer) DO UPDATE SET last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at)),
     forgotten AS (DELETE FROM issuers old WHERE old.last_seen_at < @forget_before::timestamptz)
SELECT other.issuer, other.last_seen_at
FROM issuers other
WHERE other.issuer <> @issuer
  AND other.last_seen_at > @seen_since::timestamptz
ORDER BY other.issuer
LIMIT 10;
