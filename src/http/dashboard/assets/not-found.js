// Page for an unknown route.

import { card, empty } from './components.js'
import { h } from './dom.js'

export const notFound = () =>
  card(
    null,
    empty(
      'Page not found',
      h('a', { href: '#/' }, 'Go to the overview'),
      ', or search for a user or an ID above.',
    ),
  )
