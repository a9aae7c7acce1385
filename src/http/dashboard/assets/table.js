// Tables. On narrow screens their rows are laid out as blocks, by which some browsers forget what they are:
// the roles say it once more.

import { h } from './dom.js'

/** A table by its columns: `{ name, of: (item) => cell, kind: 'tight' }`. */
export function table(label, columns, items, row = () => ({})) {
  const head = columns.map(({ name }) => h('th', { role: 'columnheader', scope: 'col' }, name))
  const body = h(
    'tbody',
    { role: 'rowgroup' },
    items.map((item) => line(columns, item, row(item))),
  )
  return h(
    'table',
    { class: 'table', role: 'table', 'aria-label': label },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    body,
  )
}

const line = (columns, item, attributes) =>
  h(
    'tr',
    { role: 'row', ...attributes },
    columns.map(({ of, kind }) => h('td', { role: 'cell', class: kind ?? null }, of(item))),
  )
