// The feed of changes (server-sent events), read with `fetch`: `EventSource` sends no header of ours.

import { address, ask } from './api.js'

const AGAIN = 2_000

/** So many changes in a second are a crowd. Of one it is enough to hear now and then: to be told of each takes from those who commit. */
const CROWD = 50
const SECOND = 1_000

/** Calls `change` when there are changes, and `state` when it begins (true) and stops (false) to hear of them. */
export async function follow(signal, change, state) {
  let last = null
  while (!signal.aborted) {
    let [told, since] = [0, Date.now()]
    try {
      const headers = { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }
      const response = await ask('GET', address(['v1', 'changes']), { headers, signal })
      state(true)
      for await (const event of events(response.body)) {
        last = event.id ?? last
        if (event.event !== 'change') continue
        change()
        if (Date.now() - since > SECOND) [told, since] = [0, Date.now()]
        if (++told === CROWD) break
      }
    } catch (error) {
      if (signal.aborted) return
      // What is behind it is no longer kept: from now on, then.
      if (error.code === 'cursor_expired') last = null
      // Without the scope, or the place, asking again is of no use.
      if (error.status === 403 || error.status === 401) return state(false)
    }
    const crowd = told === CROWD
    if (!crowd) state(false)
    await pause(signal)
    if (!crowd) continue
    // What came meanwhile is looked at once, and not told one by one.
    last = null
    change()
  }
}

/** The events of a stream (the HTML standard, 9.2.6), as far as ours have fields. */
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
    // Who has heard enough says so.
    await reader.cancel()
  }
}

const pause = (signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, AGAIN)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
