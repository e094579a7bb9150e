import { ROLES, type Role, roleCodes } from '@changbai/contract/capability.ts'
import type { SheetKind } from '@changbai/contract/setup.ts'

export interface SheetColumnDef {
  field: string
  zh: string
  en: string
  needed: boolean
}
const column = (field: string, zh: string, en: string, needed = false): SheetColumnDef => ({ field, zh, en, needed })

export const sheetColumns: Readonly<Record<SheetKind, readonly SheetColumnDef[]>> = {
  bureau: [
    column('code', '单位代码', 'Code', true),
    column('name', '单位全称', 'Name', true),
    column('shortName', '简称', 'Short name', true),
    column('creditCode', '统一社会信用代码', 'Credit code'),
  ],
  person: [
    column('signIn', '用户名', 'Sign-in', true),
    column('name', '姓名', 'Name', true),
    column('unit', '单位', 'Unit'),
    column('phone', '手机', 'Phone'),
    column('email', '邮箱', 'Email'),
  ],
  grant: [
    column('signIn', '用户名', 'Sign-in', true),
    column('role', '角色', 'Role', true),
    column('bureauCode', '单位代码', 'Bureau code'),
    column('applicationCode', '应用编码', 'Application code'),
    column('reason', '理由', 'Reason'),
  ],
}

/** Where each column stands in a sheet, by its title in either language or its field. */
export function matchColumns(
  kind: SheetKind,
  header: readonly string[],
): { at: ReadonlyMap<string, number>; missing: SheetColumnDef[]; unknown: string[] } {
  const at = new Map<string, number>()
  const unknown: string[] = []
  header.forEach((title, index) => {
    const plain = title.replace(/[*＊\s]+$/, '').toLowerCase()
    const found = sheetColumns[kind].find(({ field, zh, en }) => [field, zh, en].some((name) => name.toLowerCase() === plain))
    if (found) at.set(found.field, index)
    else if (plain !== '') unknown.push(title)
  })
  return { at, missing: sheetColumns[kind].filter(({ field, needed }) => needed && !at.has(field)), unknown }
}

/** A role by its code, its two letters, or its name in either language. */
export const roleNamed = (text: string): Role | undefined =>
  roleCodes.find((code) =>
    [code, ROLES[code].short, ROLES[code].zh, ROLES[code].en].some((name) => name.toLowerCase() === text.toLowerCase()),
  )
