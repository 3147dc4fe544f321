package fcm

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"

	"golang.org/x/oauth2/jwt"

	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// scope allows a token to send messages, and nothing else.
const scope = "https://www.googleapis.com/auth/firebase.messaging"

// Credentials are the credentials of a service account that may send messages for a project.
type Credentials struct {
	project string
	account jwt.Config
}

// Project returns the id of the Firebase project.
func (c Credentials) Project() string { return c.project }

// ParseCredentials parses the JSON file with the key of a service account. Its errors contain no text of the file.
func ParseCredentials(text secret.Text) (Credentials, error) {
	var file struct {
		Type         string `json:"type"`
		ProjectID    string `json:"project_id"`
		PrivateKeyID string `json:"private_key_id"`
		PrivateKey   string `json:"private_key"`
		ClientEmail  string `json:"client_email"`
		TokenURI     string `json:"token_uri"`
	}
	if json.Unmarshal([]byte(text.Reveal()), &file) != nil {
		return Credentials{}, errors.New("is not JSON; give the whole file of a service account's key")
	}
	if file.Type != "service_account" || file.ProjectID == "" || file.ClientEmail == "" {
		return Credentials{}, errors.New("is not the key of a service account: type, project_id or client_email is missing")
	}
	block, _ := pem.Decode([]byte(file.PrivateKey))
	if block == nil {
		return Credentials{}, errors.New("holds no private key")
	}
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
		return Credentials{}, errors.New("holds no private key that can be read")
	}
	if gateway.CheckURL(file.TokenURI) != nil {
		return Credentials{}, errors.New("holds no token_uri that begins with https")
	}
	return Credentials{project: file.ProjectID, account: jwt.Config{
		Email: file.ClientEmail, PrivateKey: []byte(file.PrivateKey), PrivateKeyID: file.PrivateKeyID,
		TokenURL: file.TokenURI, Scopes: []string{scope},
	}}, nil
}
