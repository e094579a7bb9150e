import type { ParameterValue } from '@changbai/contract/plan.ts'
import { useLanguage } from '../../shared/text.ts'
import { Facts } from '../../shared/ui/index.ts'
import { columnsOf, type Fields, isFields, readable, wordField, wordStructure } from './structure.ts'
import { fieldWord } from './structureWords.ts'

/** A structured parameter to be read: entries as a table, one entry as facts, spans and lists in words. */
export function StructureValue({ value, unit }: { value: ParameterValue; unit: string | null }) {
  const lang = useLanguage()
  if (isFields(value))
    return <Facts items={Object.entries(readable(value, lang)).map(([name, one]) => [fieldWord(name, lang), wordField(name, one, lang)])} />
  if (!Array.isArray(value) || !value.every(isFields)) return <p className="figure-words">{wordStructure(value, unit, lang)}</p>
  const entries: Fields[] = value.map((entry) => readable(entry, lang))
  const columns = columnsOf(entries)
  return (
    <div className="grid-scroll">
      <table className={columns.length > 9 ? 'grid cards-on-phone wide' : 'grid cards-on-phone'}>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} className={typeof entries[0]?.[name] === 'number' ? 'num' : undefined}>
                {fieldWord(name, lang)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={JSON.stringify(entry)}>
              {columns.map((name) => (
                <td
                  key={name}
                  data-label={fieldWord(name, lang)}
                  className={typeof entries[0]?.[name] === 'number' ? 'num' : name === 'name' ? 'name' : undefined}
                >
                  {wordField(name, entry[name], lang)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
