// Tables. The ARIA roles are explicit, because some browsers drop the implicit roles of a table
// whose rows are displayed as blocks, as they are on narrow screens.

import { h } from './dom.js'

/** Returns a table. A column is `{ name, cell: (item) => content, kind: 'nowrap' }`. */
export function table(label, columns, items, rowAttributes = () => ({})) {
  const headings = columns.map(({ name }) => h('th', { role: 'columnheader', scope: 'col' }, name))
  const body = h(
    'tbody',
    { role: 'rowgroup' },
    items.map((item) => row(columns, item, rowAttributes(item))),
  )
  return h(
    'table',
    { class: 'table', role: 'table', 'aria-label': label },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, headings)),
    body,
  )
}

const row = (columns, item, attributes) =>
  h(
    'tr',
    { role: 'row', ...attributes },
    columns.map(({ cell, kind }) => h('td', { role: 'cell', class: kind ?? null }, cell(item))),
  )
