internal import Glibc

/// The daemon runs elsewhere in the file tree: it is given whole paths.
enum AbsolutePath {
  static func of(_ path: String) throws(CommandError) -> String {
    guard !path.hasPrefix("/") else { return path }
    guard let here = getcwd(nil, 0) else {
      throw .usage(path, "the working directory is gone", "give a path that begins with /")
    }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }
}
