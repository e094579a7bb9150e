import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DataClass } from '@changbai/contract/exports.ts'
import { parse } from 'yaml'

/** A table with its columns by class. */
export interface TableTags {
  table: string
  columns: { name: string; dataClass: DataClass }[]
}

/** The one file that says what each column holds. @throws Error for a class nobody knows, or a column that stands in two */
export function readDataTags(): TableTags[] {
  const document = parse(readFileSync(resolve(import.meta.dirname, '../../data-tags.yaml'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  return Object.entries(document).map(([table, classes]) => {
    const columns = Object.entries(classes).flatMap(([name, list]) => {
      const dataClass = DataClass.parse(name)
      return list.split(' ').map((column) => ({ name: column, dataClass }))
    })
    const twice = columns.find(({ name }, index) => columns.findIndex((one) => one.name === name) !== index)
    if (twice) throw new Error(`data-tags.yaml: ${table}.${twice.name} stands there twice`)
    return { table, columns }
  })
}
