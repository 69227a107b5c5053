internal import Glibc

exit(Program(arguments: Array(CommandLine.arguments.dropFirst()), console: Console.standard()).run())
