/** Whether property tests run with their long counts: `npm run test:long`, or `PARCELLE_LONG=1`. */
export const long: boolean = process.env.PARCELLE_LONG === '1'
