// An address that names nothing.

import { h } from './dom.js'
import { card, empty } from './parts.js'

export const missing = () =>
  card(
    null,
    empty(
      'There is nothing here',
      h('a', { href: '#/' }, 'Go to the overview'),
      ', or look for a user or an id above.',
    ),
  )
