// The feed of changes (server-sent events), read with `fetch`: `EventSource` sends no header of ours.

import { address, ask } from './api.js'

const AGAIN = 2_000

/** Calls `change` for each change, and `state` when it begins (true) and stops (false) to hear of them. */
export async function follow(signal, change, state) {
  let last = null
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }
      const response = await ask('GET', address(['v1', 'changes']), { headers, signal })
      state(true)
      for await (const event of events(response.body)) {
        last = event.id ?? last
        if (event.event === 'change') change(JSON.parse(event.data))
      }
    } catch (error) {
      if (signal.aborted) return
      // What is behind it is no longer kept: from now on, then.
      if (error.code === 'cursor_expired') last = null
      // Without the scope, or the place, asking again is of no use.
      if (error.status === 403 || error.status === 401) return state(false)
    }
    state(false)
    await pause(signal)
  }
}

/** The events of a stream (the HTML standard, 9.2.6), as far as ours have fields. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
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
