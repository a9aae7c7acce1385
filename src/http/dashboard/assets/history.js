// Everything that came in about a user, the newest first, with what became of it and why.

import { get } from './api.js'
import { h } from './dom.js'
import { badge, card, empty, load } from './parts.js'
import { reprocess } from './reprocess.js'
import { to } from './route.js'
import { exact, moment } from './time.js'
import { meaning } from './words.js'

export function history(user, signal) {
  const story = h('ol', { class: 'story' })
  const place = h('div', { role: 'status' })
  const more = (cursor) =>
    load(
      place,
      signal,
      () => get(['events'], { subject: user, limit: 30, cursor }, signal),
      ({ data, next_cursor: next }) => {
        story.append(...data.map(chapter))
        if (next) return h('button', { type: 'button', onclick: () => more(next) }, 'Older')
        return (
          !story.children.length && empty('Nothing came in about them', 'Or it is older than events are kept.')
        )
      },
    )
  more()
  return card('History', [story, place], {
    end: h('a', { href: to(['events'], { subject: user }) }, 'as events'),
  })
}

function chapter(event) {
  const of =
    event.object_id && event.object_id !== event.subject && h('span', { class: 'id muted' }, event.object_id)
  const open = event.decision === 'failed' || event.decision === 'quarantined'
  return h(
    'li',
    { class: event.decision },
    h(
      'div',
      { class: 'items' },
      h(
        'div',
        { class: 'line' },
        h('a', { class: 'main', href: to(['events', event.id]) }, event.type ?? 'of no type'),
        badge(event.decision),
        of,
        h('span', { class: 'end muted', title: exact(event.received_at) }, moment(event.received_at)),
      ),
    ),
    h(
      'p',
      { class: event.reason ? 'why said' : 'why' },
      event.reason ?? meaning(event.decision),
      open && [' ', reprocess(event)],
    ),
  )
}
