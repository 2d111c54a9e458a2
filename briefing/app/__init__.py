"""The living book: the chapters served to browsers, with controls, and JupyterLab as the workbench."""
