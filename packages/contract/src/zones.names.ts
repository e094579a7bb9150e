/** Where something is reached from. Words alone, without a schema: lists and first views need no more. */
export const zoneNames = {
  GOV_EXTRANET: { zh: '政务外网', en: 'Government extranet' },
  INTERNET: { zh: '互联网区', en: 'Internet' },
  DMZ: { zh: '隔离区', en: 'DMZ' },
}
