// The listening page of `meetvo dev`: shows the messages that arrive.

import { h, setChildren } from './dom.js'
import { poll } from './polling.js'
import { SECOND, refreshTimes, relativeTime } from './time.js'

/** Number of messages that the page shows. */
const MAX_SHOWN = 500

const [list, failure, announcements] = ['messages', 'failure', 'announcements'].map((id) =>
  document.getElementById(id),
)
let last = 0

const empty = h(
  'div',
  { class: 'card' },
  h(
    'p',
    { class: 'empty' },
    'No message yet. To cause one, run ',
    h('code', {}, 'meetvo trigger user.created'),
    '.',
  ),
)

function element({ received_at, id, body }) {
  return h(
    'details',
    { class: 'card message' },
    h(
      'summary',
      {},
      h('strong', {}, body.type),
      h('span', { class: 'id' }, body.data?.id ?? body.data?.endpoint_id ?? ''),
      relativeTime(received_at),
    ),
    h(
      'pre',
      { class: 'json', tabindex: '0', role: 'region', 'aria-label': `Body of ${id}` },
      `webhook-id: ${id}\n\n${JSON.stringify(body, null, 2)}`,
    ),
  )
}

async function update() {
  try {
    const response = await fetch(`messages?after=${last}`)
    if (!response.ok) throw new Error(`status ${response.status}`)
    const { messages } = await response.json()
    failure.hidden = true
    if (messages.length) {
      last = messages.at(-1).number
      empty.remove()
      list.prepend(...messages.reverse().map(element))
      while (list.children.length > MAX_SHOWN) list.lastChild.remove()
      setChildren(announcements, `New messages: ${messages.length}`)
    } else if (!list.children.length) list.append(empty)
  } catch {
    setChildren(failure, 'meetvo dev does not answer. Start it again, and reload this page.')
    failure.hidden = false
  }
}

poll(new AbortController().signal, SECOND, update)
refreshTimes()
