// Package device recognizes devices by their user agents and names them: "Chrome on Windows", "KakaoTalk on iPhone".
//
// A client can send any text as its user agent. So a name consists of words of this package only. Messages and pages print it,
// and a client must not be able to show its own text, such as a URL, to the owner of an account.
package device

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/mileusna/useragent"
)

// Kind is the kind of a device.
type Kind string

// The kinds.
const (
	// Phone and Tablet are personal devices.
	Phone  Kind = "phone"
	Tablet Kind = "tablet"
	// Computer is a browser on a desktop system.
	Computer Kind = "computer"
	// Program is a client that reports no system, such as curl.
	Program Kind = "program"
	// Unknown is everything that is not recognized.
	Unknown Kind = "unknown"
)

// Device is what a user agent reveals about a device. The zero value is an unknown device.
type Device struct {
	// Program is a browser, an app or another client; empty if it is not recognized.
	Program string
	// System is an operating system or a model; empty if it is not recognized.
	System string
	Kind   Kind
}

// Of recognizes a user agent. It ignores versions, so that an update does not make a new device.
func Of(userAgent string) Device {
	agent := useragent.Parse(userAgent)
	d := Device{Program: programOf(userAgent, agent), System: systemOf(userAgent, agent)}
	d.Kind = kindOf(userAgent, d)
	return d
}

// Name returns the English name of the device with a user agent.
func Name(userAgent string) string { return Of(userAgent).Name() }

// unknownName is the name of an unknown device.
const unknownName = "Unknown device"

// on joins the two parts of a name. No part contains it.
const on = " on "

// Name returns the name in English. It is at most 64 bytes of printable ASCII.
func (d Device) Name() string {
	switch {
	case d.Program != "" && d.System != "":
		return d.Program + on + d.System
	case d.Program+d.System != "":
		return d.Program + d.System
	default:
		return unknownName
	}
}

// FromName parses a name that Name has returned. Any other text is an unknown device.
func FromName(name string) Device {
	program, system, both := strings.Cut(name, on)
	switch {
	case both && isProgram(program) && isSystem(system):
		return Device{Program: program, System: system}
	case !both && isProgram(name):
		return Device{Program: name}
	case !both && isSystem(name):
		return Device{System: name}
	default:
		return Device{}
	}
}

// Fingerprint returns a hash that identifies the device among the devices of a user.
func (d Device) Fingerprint() []byte {
	sum := sha256.Sum256([]byte(strings.Join([]string{"device, v1", d.Program, d.System, string(d.Kind)}, "\x00")))
	return sum[:]
}

func kindOf(userAgent string, d Device) Kind {
	switch {
	case d.System == iPad:
		return Tablet
	case d.System == iPhone, d.System == windowsPhone:
		return Phone
	case d.System == android, model.MatchString(d.System):
		// Browsers on Android say "Mobile" on phones only.
		if strings.Contains(userAgent, "Mobile") {
			return Phone
		}
		return Tablet
	case d.System != "":
		return Computer
	case d.Program != "":
		return Program
	default:
		return Unknown
	}
}

func isProgram(name string) bool {
	return slices.Contains(programNames, name)
}
