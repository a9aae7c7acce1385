// Roles with their permissions, and all permissions.

import { get } from './api.js'
import { card, empty, load } from './components.js'
import { h } from './dom.js'
import { table } from './table.js'

const PAGE_SIZE = 500

export const roles = (route, signal) =>
  h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Roles and permissions')),
    h(
      'div',
      { class: 'stack' },
      tableCard('Roles', 'roles', ROLE_COLUMNS, signal),
      tableCard('Permissions', 'permissions', PERMISSION_COLUMNS, signal),
    ),
  )

function tableCard(title, path, columns, signal) {
  const content = h('div')
  load(
    content,
    signal,
    () => get([path], { limit: PAGE_SIZE }, signal),
    ({ data }) =>
      data.length
        ? table(title, columns, data)
        : empty(
            `No ${path} yet`,
            `New ${path} arrive with webhooks. To import those that Clerk already has, run:`,
            h('br'),
            h('pre', {}, 'meetvo backfill'),
          ),
  )
  return card(title, content, { flush: true })
}

const name = (item) => h('strong', {}, item.name ?? item.id)
const key = (item) => h('span', { class: 'id' }, item.key ?? item.id)
const about = (item) => item.description ?? ''

const ROLE_COLUMNS = [
  { name: 'Role', cell: name },
  { name: 'Key', kind: 'nowrap', cell: key },
  {
    name: 'Permissions',
    cell: (role) => h('span', { class: 'id' }, (role.permissions ?? []).join(', ')),
  },
  { name: 'Description', cell: about },
]

const PERMISSION_COLUMNS = [
  { name: 'Permission', cell: name },
  { name: 'Key', kind: 'nowrap', cell: key },
  { name: 'Type', cell: (permission) => permission.type ?? '' },
  { name: 'Description', cell: about },
]
