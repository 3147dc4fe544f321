package fcm

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// WebConfig is how a web page gets a registration token of a Firebase project. Nothing in it is secret: every visitor's
// browser is given it.
type WebConfig struct {
	APIKey            string `json:"apiKey"`
	ProjectID         string `json:"projectId"`
	MessagingSenderID string `json:"messagingSenderId"`
	AppID             string `json:"appId"`
}

// ParseWebConfig reads the object that Firebase's console shows for a web app. What it refuses, it tells without anything that
// stands in it: the key of a service account is as easily pasted.
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

// CheckVAPIDKey tells what is wrong with the public key of a Web Push certificate (RFC 8292 section 3.2): an uncompressed point
// on P-256 in base64url. The private key, which stands beside it in the console, is none.
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
