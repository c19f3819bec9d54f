// SPDX-License-Identifier: Apache-2.0
// The folder `log` of a site: the key that signs checkpoints, and the last checkpoint, both outside the database, so that
// an older database put in its place is recognised.
//   signing.key  0400   PRIVATE+KEY+…, one line
//   next.key     0400   while a key is being changed
//   checkpoint   0644   the newest signed checkpoint
//   verifier     0644   the public key
#pragma once

#include <optional>
#include <string>

#include "gateway/record/signed_note.h"
#include "models/base/result.h"

namespace gapura::gateway {

// Thread: core only, or the command line while no daemon runs. Errors of all functions: storage.
class CheckpointKeys {
 public:
  // Opens the folder, and makes it and the first key where they are missing: gapura.<site>/log1.
  static Result<CheckpointKeys> open(const std::string& data_folder, const std::string& site);

  const SigningKey& current() const { return current_; }
  const std::optional<SigningKey>& next() const { return next_; }
  bool is_new() const { return is_new_; }  // created by this open()

  Status make_next(const std::string& name);
  Status take_next();  // overwrites the old seed, then makes the next key the current one
  Status drop_next();

  Result<std::optional<std::string>> kept_checkpoint() const;
  Status keep_checkpoint(const std::string& note) const;

 private:
  CheckpointKeys(std::string folder, const SigningKey& current) : folder_(std::move(folder)), current_(current) {}
  std::string path(const char* name) const { return folder_ + "/" + name; }
  Status write_key(const char* name, const SigningKey& key) const;

  std::string folder_;
  SigningKey current_;
  std::optional<SigningKey> next_;
  bool is_new_ = false;
};

// Returns gapura.<site>/log1; and the origin with the next number, of the log that continues from an older file.
std::string first_origin(const std::string& site);
std::string next_origin(const std::string& origin);

}  // namespace gapura::gateway
