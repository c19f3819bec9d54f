// SPDX-License-Identifier: Apache-2.0
// A data subject's copy of their data and of everything done with it; and the certificate of a destruction.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gateway/locale/words.h"
#include "gateway/registry/persons.h"
#include "gateway/registry/retention.h"

namespace gapura::gateway {

// Who gets the copy, for what purpose, and from whom: on every page and in every file (P17).
struct ExportFrame {
  std::string site, made;  // made: RFC 3339
  std::string case_id, requester, purpose, by;
  Words words;
  std::string watermark() const;
};
struct ExportVisit {
  std::string id;
  std::vector<std::pair<std::string, std::string>> fields;  // of the API's names
};
struct ExportEvent {
  std::int64_t number = 0;
  std::string time, type, actor, point, visit, note, data;
};
struct SubjectExport {
  Person person;
  std::vector<ExportVisit> visits;
  std::vector<ExportEvent> trail;  // every entry about the person's visits and every reading, ordered by number
};
// Errors: not_found, SQLite's.
Result<SubjectExport> load_export(const Database& db, const std::string& guest, std::chrono::minutes offset);
boost::json::object to_json(const SubjectExport& all, const ExportFrame& frame);
Result<std::string> to_pdf(const SubjectExport& all, const ExportFrame& frame);  // errors: bug

// Berita acara pemusnahan.
struct DestructionCertificate {
  Words words;
  std::string site, printed;
  ErasureRun run;
  std::string approver, approved, finished;  // approver: a name
  std::vector<RunClass> classes;
  std::vector<std::string> before;                           // of each class, as a date
  std::vector<std::pair<std::string, std::string>> backups;  // made before it: name, date
  std::string checkpoint;                                    // the first that covers the destruction; empty: none does yet
};
Result<std::string> to_pdf(const DestructionCertificate& certificate);

}  // namespace gapura::gateway
