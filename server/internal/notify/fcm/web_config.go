package fcm

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// WebConfig is the configuration with which a web page gets a registration token of a Firebase project. It is not secret: every
// browser gets it.
type WebConfig struct {
	APIKey            string `json:"apiKey"`
	ProjectID         string `json:"projectId"`
	MessagingSenderID string `json:"messagingSenderId"`
	AppID             string `json:"appId"`
}

// ParseWebConfig parses the object that the Firebase console shows for a web app. Its errors contain no text of the object: an
// operator may paste the key of a service account by mistake.
func ParseWebConfig(text string) (WebConfig, error) {
	var c WebConfig
	if json.Unmarshal([]byte(text), &c) != nil {
		return WebConfig{}, errors.New("is no JSON object; put the names in quotes, which Firebase's console leaves out")
	}
	if c.APIKey == "" || c.ProjectID == "" || c.MessagingSenderID == "" || c.AppID == "" {
		return WebConfig{}, errors.New("is no configuration of a web app: apiKey, projectId, messagingSenderId or appId is missing")
	}
	return c, nil
}

// CheckVAPIDKey returns an error unless key is the public key of a Web Push certificate (RFC 8292 section 3.2): an uncompressed
// point on P-256 in base64url. The console shows the private key next to it.
func CheckVAPIDKey(key string) error {
	point, err := base64.RawURLEncoding.DecodeString(key)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	if err != nil {
		return errors.New("is no public key of a Web Push certificate; it has 87 characters and begins with B")
	}
	return nil
}
