import { Plus, X } from 'lucide-react'
import { useText } from '../../../shared/text.ts'
import { Button } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'

interface Rule {
  src: string
  dst: string
  proto: string
  port: string
  purpose: string
  until: string | null
}
const columns = ['src', 'dst', 'proto', 'port', 'purpose', 'until'] as const
const fresh: Rule = { src: '', dst: '', proto: 'TCP', port: '', purpose: '', until: null }

/** Rules of a security group, a line each; an empty last day means for good. */
export function RulesInput({ value, onChange }: { value: unknown; onChange: (value: unknown) => void }) {
  const t = useText(inventoryText)
  const rules = Array.isArray(value) ? (value as Rule[]) : []
  const change = (index: number, column: keyof Rule, typed: string) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, [column]: column === 'until' ? typed || null : typed } : rule)))
  return (
    <div className="grid-scroll">
      <table className="grid dense">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column}>{t(column)}</th>
            ))}
            <th aria-label={t('act')} />
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>
                  <span className="box">
                    <input
                      aria-label={`${t(column)} ${index + 1}`}
                      {...(column === 'until' && { placeholder: 'YYYY-MM-DD' })}
                      value={rule[column] ?? ''}
                      onChange={(event) => change(index, column, event.target.value)}
                    />
                  </span>
                </td>
              ))}
              <td>
                <button
                  type="button"
                  className="btn plain icon small"
                  aria-label={t('removeLine', { n: index + 1 })}
                  onClick={() => onChange(rules.filter((_, at) => at !== index))}
                >
                  <X size={14} strokeWidth={1.6} />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button size="small" icon={<Plus size={14} strokeWidth={1.6} />} onClick={() => onChange([...rules, fresh])}>
        {t('addLine')}
      </Button>
    </div>
  )
}
