import type { DataClassView } from '@changbai/contract/assurance.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Facts, Loaded, PageTitle, Sheet, Status } from '../../shared/ui/index.ts'
import './assurance.css'
import { classesText } from './classesText.ts'

/** Classes of data, what each asks for, and where such data lies. */
export function DataClassesPage() {
  const t = useText(classesText)
  const lang = useLanguage()
  const query = useQuery(ask('assurance.dataClasses', {}))
  const roles = (codes: readonly string[]) => codes.map((code) => roleName(code, lang)).join(t('comma'))
  return (
    <div className="page">
      <PageTitle title={t('title')} sentence={t('sentence')} />
      <Loaded query={query} rows={10}>
        {({ at, classes, whole, lookUp, revealedNinetyDays }) => (
          <div className="stack">
            <Sheet title={t('who')} acts={<span className="note">{t('at', { at: listTime(at, lang) })}</span>}>
              <Facts
                items={[
                  [t('whole'), roles(whole)],
                  [t('lookUp'), roles(lookUp)],
                  [
                    t('revealed'),
                    <Link key="revealed" to="/records/ledger">
                      {t('times', { count: revealedNinetyDays })}
                    </Link>,
                  ],
                ]}
              />
            </Sheet>
            {classes.toReversed().map((one) => (
              <ClassSheet key={one.dataClass} view={one} />
            ))}
          </div>
        )}
      </Loaded>
    </div>
  )
}

function ClassSheet({ view }: { view: DataClassView }) {
  const t = useText(classesText)
  const word = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const encrypted = view.places.filter(({ values }) => values !== null)
  const sound = encrypted.every(({ values }) => values !== null && !('' in values))
  return (
    <Sheet
      title={view.title[word].replace(/^./, (first) => first.toUpperCase())}
      acts={
        <span className="row wrap">
          <span className="note">{t('columns', { count: view.columns })}</span>
          {encrypted.length > 0 && <Status state={sound ? 'kept' : 'risk'}>{t('encryptedColumns', { count: encrypted.length })}</Status>}
        </span>
      }
    >
      <p className="class-means">{view.means[word]}</p>
      <Facts
        items={[
          [t('masked'), view.masked[word]],
          [t('encrypted'), view.encrypted[word]],
          [t('exported'), view.exported[word]],
          view.exports.length > 0 ? [t('exports'), view.exports.map(({ title }) => title[word]).join(t('comma'))] : null,
        ]}
      />
      {view.places.length > 0 && (
        <details className="class-places">
          <summary>{t('places')}</summary>
          <ul>
            {view.places.map(({ table, column, values, why }) => (
              <li key={`${table}.${column}`}>
                <span className="mono break">{`${table}.${column}`}</span>
                {values && (
                  <span className="second">
                    {Object.entries(values)
                      .map(([key, rows]) => `${key === '' ? t('plain') : key} ${rows}`)
                      .join(' · ') || t('empty')}
                  </span>
                )}
                {why && <span className="note">{why}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Sheet>
  )
}
