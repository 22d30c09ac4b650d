// Saves what a command prints, where its user names a folder for it.

import type { Job, Report } from "./job.ts";

/** The report; with --out saved there as a JSON file of this name, which is then told too. @throws {WRITE_FAILED} */
export async function saveReport({ options, folder }: Job, name: string, report: Report): Promise<Report> {
  if (options.out === undefined) return report;
  const file = await folder.save(name, `${JSON.stringify(report.json, null, 2)}\n`);
  return { json: { ...report.json, file }, text: `${report.text}\n\n${file}` };
}
