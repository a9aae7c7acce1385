// Card with the newest failed and quarantined events.

import { get } from './api.js'
import { badge, card, empty, load } from './components.js'
import { h, setChildrenUnlessFocused } from './dom.js'
import { NO_TYPE } from './labels.js'
import { reprocessButton } from './reprocess.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

const DECISIONS = ['failed', 'quarantined']

/** Number of events that the card shows. */
const SHOWN = 5

export function attentionCard(signal) {
  const content = h('div')
  let shown = null
  const read = async () => {
    const pages = await Promise.all(
      DECISIONS.map((decision) => get(['events'], { decision, limit: SHOWN }, signal)),
    )
    const events = pages.flatMap((page) => page.data)
    return events.sort((a, b) => b.seq - a.seq).slice(0, SHOWN)
  }
  const update = async () => {
    const events = await read().catch(() => null)
    const current = JSON.stringify(events)
    // An unchanged list is not replaced, so that the result of a pressed button stays visible.
    if (events && current !== shown && setChildrenUnlessFocused(content, list(events)))
      shown = current
  }
  load(content, signal, read, (events) => {
    shown = JSON.stringify(events)
    return list(events)
  })
  const [failed, quarantined] = DECISIONS.map((decision) =>
    h('a', { href: linkTo(['events'], { decision }) }, `All ${decision}`),
  )
  return {
    update,
    card: card('Failed and quarantined events', content, { end: [failed, ' · ', quarantined] }),
  }
}

function list(events) {
  if (!events.length) return empty('No failed events', 'No action is needed.')
  return h(
    'ul',
    { class: 'items' },
    events.map((event) =>
      h(
        'li',
        {},
        h(
          'div',
          { class: 'line' },
          badge(event.decision),
          h('a', { class: 'main', href: linkTo(['events', event.id]) }, event.type ?? NO_TYPE),
          h('span', { class: 'end muted' }, relativeTime(event.received_at)),
        ),
        h(
          'div',
          { class: 'line' },
          h('span', {}, event.reason ?? event.instance_id ?? ''),
          h('span', { class: 'end' }, reprocessButton(event)),
        ),
      ),
    ),
  )
}
