/** What a phone reads at a point: the code itself, or the address our sheets carry. */
export function pointIn(text: string): string {
  const said = text.trim()
  const address = /[?&]point=([^&#]+)/.exec(said)?.[1]
  return address === undefined ? said : decodeURIComponent(address.replace(/\+/g, ' '))
}
export const addressOfPoint = (origin: string, code: string): string => `${origin}/duty/rounds?point=${encodeURIComponent(code)}`

interface Detector {
  detect: (source: CanvasImageSource) => Promise<{ rawValue: string }[]>
}
type DetectorMaker = new (options: { formats: string[] }) => Detector

/** The browser's own reader where it has one; otherwise a small library, loaded when it is first needed. */
export async function qrReader(): Promise<(canvas: HTMLCanvasElement) => Promise<string | null>> {
  const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector
  if (Maker) {
    const detector = new Maker({ formats: ['qr_code'] })
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? null
  }
  const { default: decode } = await import('qr/decode.js')
  return async (canvas) => {
    const draw = canvas.getContext('2d')
    if (!draw) return null
    try {
      return decode(draw.getImageData(0, 0, canvas.width, canvas.height), { timeLimit: 200 })
    } catch {
      // no code in this picture
      return null
    }
  }
}

interface TagReader {
  scan: (options: { signal: AbortSignal }) => Promise<void>
  onreading: ((event: { serialNumber: string; message: { records: { recordType: string; data?: DataView }[] } }) => void) | null
}
export const hasTagReader = (): boolean => 'NDEFReader' in globalThis
/** Hears the next tag that is held to the phone. */
export async function readTag(signal: AbortSignal, onText: (text: string) => void): Promise<void> {
  const Maker = (globalThis as { NDEFReader?: new () => TagReader }).NDEFReader
  if (!Maker) return
  const reader = new Maker()
  reader.onreading = ({ message }) => {
    const record = message.records.find(({ recordType }) => recordType === 'text' || recordType === 'url')
    if (record?.data) onText(new TextDecoder().decode(record.data))
  }
  await reader.scan({ signal })
}
