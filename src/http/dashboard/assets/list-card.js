// Card with a list of objects that belong to a user or an organization.

import { get } from './api.js'
import { card, load } from './components.js'
import { h, setChildren } from './dom.js'
import { count } from './labels.js'

/** Maximum number of objects that are shown. */
const PAGE_SIZE = 100

/** Returns the card. `show` returns the content of one item. `complete` can read more about the
    items; its result is the second argument of `show`. */
export function listCard(title, path, signal, show, emptyText, complete = async () => null) {
  const content = h('div')
  const number = h('span', { class: 'muted' })
  load(
    content,
    signal,
    async () => {
      const found = await get(path, { limit: PAGE_SIZE }, signal)
      return { ...found, details: await complete(found.data) }
    },
    ({ data, next_cursor: next, details }) => {
      setChildren(number, data.length ? `${count(data.length)}${next ? '+' : ''}` : '')
      return data.length
        ? h(
            'ul',
            { class: 'items' },
            data.map((item) => h('li', {}, show(item, details))),
          )
        : h('p', { class: 'muted' }, emptyText)
    },
  )
  return card(title, content, { end: number })
}
