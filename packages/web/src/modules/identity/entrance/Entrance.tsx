import './entrance.css'
import { Globe } from 'lucide-react'
import type { ReactNode } from 'react'
import { setLanguage, useLanguage, useText } from '../../../shared/text.ts'
import { entranceText } from './entranceText.ts'
import { Landscape } from './Landscape.tsx'

/** Left the mountain and what the platform is, right what is to be done. */
export function Entrance({ children, wide }: { children: ReactNode; wide?: boolean }) {
  const t = useText(entranceText)
  const lang = useLanguage()
  return (
    <div className={wide ? 'entrance wide' : 'entrance'}>
      <section className="entrance-view">
        <div className="entrance-brand">
          <svg
            width="38"
            height="34"
            viewBox="0 0 28 28"
            fill="none"
            strokeWidth="1.8"
            strokeLinejoin="round"
            strokeLinecap="round"
            aria-hidden="true"
          >
            <path d="M2.5 18 8 8.5l3 4L14.5 6l3.5 6 2-2.5 5.5 8.5" stroke="var(--ink)" />
            <path d="M4.5 21.5h19M8.5 25h11" stroke="var(--lake-hover)" />
          </svg>
          <span>{t('brand')}</span>
        </div>
        <h2>{t('platform')}</h2>
        <p>
          {t('claim1')}
          <br />
          {t('claim2')}
        </p>
        <Landscape />
      </section>
      <main className="entrance-side">
        <button type="button" className="link entrance-language" onClick={() => setLanguage(lang === 'zh-CN' ? 'en-US' : 'zh-CN')}>
          <Globe size={16} strokeWidth={1.6} aria-hidden="true" /> {t('language')}
        </button>
        {children}
      </main>
    </div>
  )
}
