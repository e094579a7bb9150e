/** Papers a sample form needs so that it can be tried to the end. They say what they are. */
const LINES = ['SAMPLE', 'Not a document. Replace before handing in.']

/** One page of A4 with two lines of text, the smallest PDF every reader opens. */
function samplePdf(): Blob {
  const text = LINES.map((line, index) => `BT /F1 ${index === 0 ? 48 : 14} Tf 72 ${index === 0 ? 700 : 660} Td (${line}) Tj ET`).join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const xref = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return new Blob([file], { type: 'application/pdf' })
}

function samplePicture(): Promise<Blob | null> {
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 360
  const pen = canvas.getContext('2d')
  if (pen) {
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.strokeRect(20, 20, canvas.width - 40, canvas.height - 40)
    pen.fillStyle = '#333'
    pen.font = '600 48px sans-serif'
    pen.fillText('SAMPLE 示例', 60, 190)
  }
  return new Promise((done) => canvas.toBlob(done, 'image/png'))
}

/** A drawing is a picture, any other paper a PDF. */
export async function samplePaper(field: string, name: string): Promise<File> {
  const picture = /diagram|topology/i.test(field) ? await samplePicture() : null
  return picture
    ? new File([picture], `${name}.png`, { type: 'image/png' })
    : new File([samplePdf()], `${name}.pdf`, { type: 'application/pdf' })
}
