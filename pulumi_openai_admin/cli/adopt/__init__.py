"""The command `adopt`: from OpenAI's lists to a program and a file for `pulumi import`.

patterns     `--include` and `--exclude`                         pure
names        names of resources, variables and modules          pure
plan         which resources the program declares               pure
program      the text of the program                            pure
import_file  the file for `pulumi import`
folder       the folder of the program
command      runs the steps
"""
