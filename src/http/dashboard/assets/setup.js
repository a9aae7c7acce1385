// Checklist of an installation that has received no delivery yet.

import { h } from './dom.js'

/** Returns the list of the steps of `setup` from `GET /v1/status`. */
export const checklist = (steps) =>
  h(
    'ol',
    { class: 'checklist' },
    steps.map(({ title, detail, done }) =>
      h(
        'li',
        { class: done ? 'done' : null },
        h('strong', {}, title),
        h('span', { class: 'badge' }, done ? 'Done' : 'To do'),
        h('p', { class: 'muted' }, detail),
      ),
    ),
  )
