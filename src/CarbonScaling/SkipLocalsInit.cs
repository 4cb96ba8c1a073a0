// The equations pass structures of a hundred numbers; clearing each one before it is written costs a third of their time.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
