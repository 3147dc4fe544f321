package app

import "encoding/binary"

// The parts of HTTP/2 that show where a stream begins and ends (RFC 9113 sections 3.4, 4.1 and 6).
const (
	http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

	frameHeaderLength = 9
	frameData         = 0x0
	frameHeaders      = 0x1
	frameReset        = 0x3
	flagEndStream     = 0x1
)

// frameHeader is the beginning of a frame of HTTP/2.
type frameHeader struct {
	kind, flags byte
	stream      uint32
}

// frameScanner finds the headers of frames in a stream of bytes, which may be split anywhere.
type frameScanner struct {
	header [frameHeaderLength]byte
	filled int
	// skip is the rest of a frame's payload.
	skip int
}

// scan calls visit with the header of each frame that is complete with these bytes, until visit returns false.
func (s *frameScanner) scan(data []byte, visit func(frameHeader) bool) bool {
	for len(data) > 0 {
		if s.skip > 0 {
			n := min(s.skip, len(data))
			s.skip -= n
			data = data[n:]
			continue
		}
		n := copy(s.header[s.filled:], data)
		s.filled += n
		data = data[n:]
		if s.filled < frameHeaderLength {
			break
		}
		s.filled = 0
		s.skip = int(s.header[0])<<16 | int(s.header[1])<<8 | int(s.header[2])
		// The highest bit of the stream number is reserved.
		stream := binary.BigEndian.Uint32(s.header[5:]) &^ (1 << 31)
		if !visit(frameHeader{kind: s.header[3], flags: s.header[4], stream: stream}) {
			return false
		}
	}
	return true
}
