import { StyleProvider } from '@ant-design/cssinjs'
import { ConfigProvider, DatePicker, QRCode, Select } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import type { ReactNode } from 'react'
import { type Language, useLanguage } from '../text.ts'
import { antdTheme, styleNonce } from '../theme.ts'

/** Ant Design with our tokens; only chunks that use its pickers load it. Pages never style it themselves. */
function WithAntd({ children }: { children: ReactNode }) {
  const lang: Language = useLanguage()
  dayjs.locale(lang === 'zh-CN' ? 'zh-cn' : 'en')
  return (
    <StyleProvider hashPriority="high">
      <ConfigProvider
        theme={antdTheme}
        csp={{ nonce: styleNonce() }}
        locale={lang === 'zh-CN' ? zhCN : enUS}
        button={{ autoInsertSpace: false }}
      >
        {children}
      </ConfigProvider>
    </StyleProvider>
  )
}

/** A picture that phones read. */
export const QrDrawing = ({ text }: { text: string }) => (
  <WithAntd>
    <QRCode type="svg" value={text} size={176} bordered={false} />
  </WithAntd>
)

export interface DayPickerProps {
  id?: string
  value: string
  onChange: (day: string) => void
  min?: string
  max?: string
}
/** A day, `YYYY-MM-DD`; typing works as well as choosing. */
export const DayPicker = ({ id, value, onChange, min, max }: DayPickerProps) => (
  <WithAntd>
    <DatePicker
      {...(id && { id })}
      style={{ width: '100%' }}
      value={value ? dayjs(value) : null}
      minDate={min ? dayjs(min) : undefined}
      maxDate={max ? dayjs(max) : undefined}
      onChange={(day) => onChange(day ? day.format('YYYY-MM-DD') : '')}
      getPopupContainer={(trigger) => trigger.closest('dialog') ?? document.body}
    />
  </WithAntd>
)

export interface MinutePickerProps {
  id?: string
  /** Wall time in Shanghai, `YYYY-MM-DDTHH:mm`. */
  value: string
  onChange: (wall: string) => void
}
export const MinutePicker = ({ id, value, onChange }: MinutePickerProps) => (
  <WithAntd>
    <DatePicker
      {...(id && { id })}
      style={{ width: '100%' }}
      showTime={{ format: 'HH:mm', minuteStep: 1 }}
      format="YYYY-MM-DD HH:mm"
      value={value ? dayjs(value) : null}
      onChange={(at) => onChange(at ? at.format('YYYY-MM-DDTHH:mm') : '')}
      getPopupContainer={(trigger) => trigger.closest('dialog') ?? document.body}
    />
  </WithAntd>
)

export interface ChoicePickerProps {
  id?: string
  value: string
  onChange: (value: string) => void
  options: readonly { value: string; label: string; note?: string }[]
  onSearch?: (typed: string) => void
  placeholder?: string
  empty?: ReactNode
}
/** A long list that is searched, by the server when `onSearch` is given. */
export const ChoicePicker = ({ id, value, onChange, options, onSearch, placeholder, empty }: ChoicePickerProps) => (
  <WithAntd>
    <Select
      {...(id && { id })}
      style={{ width: '100%' }}
      showSearch
      allowClear
      value={value || undefined}
      placeholder={placeholder}
      filterOption={
        onSearch
          ? false
          : (typed, option) =>
              String(option?.label ?? '')
                .toLowerCase()
                .includes(typed.toLowerCase())
      }
      {...(onSearch && { onSearch })}
      onChange={(next: string | undefined) => onChange(next ?? '')}
      notFoundContent={empty}
      options={options.map((option) => ({ value: option.value, label: option.note ? `${option.label}　${option.note}` : option.label }))}
      getPopupContainer={(trigger: HTMLElement) => trigger.closest('dialog') ?? document.body}
    />
  </WithAntd>
)
