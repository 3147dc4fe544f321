package app

import "errors"

// errTooMuchWork ends a connection whose client, or network, causes too much work.
var errTooMuchWork = errors.New("the client network causes too much work")

// workMeter charges the work that one connection causes. It is used by one goroutine at a time.
type workMeter struct {
	// network is nil for a trusted proxy, which is not charged.
	network *workBudget
	client  clientNetworks
	// own is the bucket of the connection alone, so that one connection cannot use up the budget of its network.
	own workBucket
	// refused is called when the connection must end.
	refused func()
}

func newWorkMeter(network *workBudget, client clientNetworks, refused func()) *workMeter {
	m := &workMeter{network: network, client: client, refused: refused}
	m.own = workBucket{left: burst(m.perSecond()), at: network.elapsed()}
	return m
}

func (m *workMeter) perSecond() float64 { return m.network.perSecond * connectionWork / networkWork }

// read charges the bytes that were read, and the frames in them. It reports whether the connection may go on.
func (m *workMeter) read(bytes int, frames float64) bool {
	if m == nil || m.network.perSecond == 0 {
		return true
	}
	work := frames + float64(bytes)/workBytes
	m.own.fill(m.perSecond(), m.network.elapsed())
	m.own.left -= work
	if m.own.left >= 0 && m.network.spend(m.client, work, 0) {
		return true
	}
	m.refused()
	return false
}
