import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DataClass } from '@changbai/contract/exports.ts'
import { parse } from 'yaml'

/** A table with its columns by class. */
export interface TableTags {
  table: string
  columns: readonly { name: string; dataClass: DataClass }[]
}

/** The one file that says what each column holds. @throws Error for a class nobody knows, or a column that stands in two */
function readDataTags(): readonly TableTags[] {
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

/** Part of the program: read once. */
export const dataTags: readonly TableTags[] = readDataTags()

const classes = new Map<string, DataClass>(
  dataTags.flatMap(({ table, columns }) => columns.map(({ name, dataClass }) => [`${table}.${name}`, dataClass] as const)),
)
/** @param place `table.column`. @throws Error for a column that does not stand there */
export function dataClassOf(place: string): DataClass {
  const found = classes.get(place)
  if (!found) throw new Error(`data-tags.yaml: ${place} does not stand there`)
  return found
}
