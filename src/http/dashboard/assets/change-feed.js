// Client of the change feed (server-sent events). It uses `fetch`, because `EventSource` cannot
// send the header that the API requires together with the cookie.

import { apiUrl, send } from './api.js'
import { SECOND } from './time.js'

/** Delay before the next connection, in milliseconds. */
const RECONNECT_DELAY = 2 * SECOND

/** Changes per second above which the client disconnects and polls instead. Each notification costs
    the service time that it needs for commits, and the dashboard shows only the newest events. */
const MAX_CHANGES_PER_SECOND = 50

/** Follows the feed until the signal aborts. Calls `onChange` after changes, and `onStateChange`
    with true when the feed is connected and with false when it is disconnected. */
export async function followChanges(signal, onChange, onStateChange) {
  let lastEventId = null
  while (!signal.aborted) {
    let [changes, since] = [0, Date.now()]
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastEventId && { 'last-event-id': lastEventId }),
      }
      const response = await send('GET', apiUrl(['v1', 'changes']), { headers, signal })
      onStateChange(true)
      for await (const event of events(response.body)) {
        lastEventId = event.id ?? lastEventId
        if (event.event !== 'change') continue
        onChange()
        if (Date.now() - since > SECOND) [changes, since] = [0, Date.now()]
        if (++changes === MAX_CHANGES_PER_SECOND) break
      }
    } catch (error) {
      if (signal.aborted) return
      // The changes after the last ID have been purged, so the feed continues with new ones.
      if (error.code === 'cursor_expired') lastEventId = null
      // A retry cannot succeed if the key lacks the scope or is rejected.
      if (error.status === 403 || error.status === 401) return onStateChange(false)
    }
    const isBurst = changes === MAX_CHANGES_PER_SECOND
    if (!isBurst) onStateChange(false)
    await pause(signal)
    if (!isBurst) continue
    // One update covers all changes during the pause, so the feed continues with new ones.
    lastEventId = null
    onChange()
  }
}

/** Parses an event stream (HTML standard, section 9.2.6), limited to the fields that the service
    sends. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      text += value
      const blocks = text.split('\n\n')
      text = blocks.pop()
      for (const block of blocks) {
        const lines = block.split('\n').map((line) => line.split(/: ?(.*)/s))
        yield Object.fromEntries(lines.filter(([name]) => name))
      }
    }
  } finally {
    // Closes the connection if the caller stops early.
    await reader.cancel()
  }
}

const pause = (signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, RECONNECT_DELAY)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
