// makers.hpp - one function a kind of source; private to the module.
#pragma once
#include <jx/connectors.hpp>

namespace jx::connectors {

[[nodiscard]] std::unique_ptr<Connector> sqlite_connector(const catalogue::Source& source, const std::filesystem::path& data_folder);
[[nodiscard]] std::unique_ptr<Connector> csv_connector(const catalogue::Source& source, const std::filesystem::path& data_folder);
[[nodiscard]] std::unique_ptr<Connector> xlsx_connector(const catalogue::Source& source, const std::filesystem::path& data_folder);
[[nodiscard]] std::unique_ptr<Connector> postgresql_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                              const catalogue::Secrets& secrets);
[[nodiscard]] std::unique_ptr<Connector> mariadb_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                           const catalogue::Secrets& secrets);
[[nodiscard]] std::unique_ptr<Connector> http_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                                        const catalogue::Secrets& secrets);

/// The secret that a source names; nothing where it names none. Errors: of `secrets`; unavailable (nobody keeps secrets here).
[[nodiscard]] Result<std::optional<crypto::SecureBytes>> secret_of(const catalogue::Source& source, const catalogue::Secrets& secrets);
/// The authorities that a server's certificate is held against: `tls_ca`, else those of the system.
[[nodiscard]] std::string authorities(const catalogue::Source& source, const std::filesystem::path& data_folder);

}  // namespace jx::connectors
